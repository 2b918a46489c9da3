using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orders.Engines.Data;

namespace Orders.AppHost.Running;

/// <summary>
/// The folders that Aspire makes for its orchestrator in the temporary folder; after a kill they are left
/// behind.
/// </summary>
internal static partial class OrchestratorFolders
{
    private const string Pattern = "aspire-dcp*";
    private const string Configuration = "kubeconfig";

    /// <summary>
    /// Removes the folders of this user whose orchestrator has ended. Anybody may make a folder of this name
    /// there.
    /// </summary>
    /// <param name="parent">The temporary folder.</param>
    public static void Sweep(string parent)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (var folder in Directory.EnumerateDirectories(parent, Pattern))
        {
            RemoveOfEnded(folder);
        }
    }

    /// <summary>
    /// Removes a folder if two signs say that its orchestrator has ended: nothing listens at the address in
    /// the folder, and no process has the folder in its command line. What others made or may write is left
    /// alone.
    /// </summary>
    /// <param name="folder">The folder.</param>
    public static void RemoveOfEnded(string folder)
    {
        if (FolderTrust.IsPrivate(folder) && Address(folder) is { } address && !Listens(address) && !CommandLines.All().Any(process => process.Line.Contains(folder, StringComparison.Ordinal)))
        {
            Folders.Remove(folder);
        }
    }

    // While an orchestrator is starting, its folder has no address yet.
    private static Uri? Address(string folder)
    {
        try
        {
            return Server().Match(OwnFile.Read(Path.Combine(folder, Configuration)) ?? "") is { Success: true } server && Uri.TryCreate(server.Groups["address"].Value, UriKind.Absolute, out var address)
                ? address
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Listens(Uri address)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(address.Host.Trim('[', ']'), address.Port);
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode != SocketError.ConnectionRefused;
        }
    }

    [GeneratedRegex(@"^\s*server:\s*""?(?<address>https?://[^\s""]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Server();
}

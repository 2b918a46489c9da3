using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Orders.Tests.DynamoStreams.Packaging;

/// <summary>
/// What <c>dotnet pack</c> makes of the solution, from the binaries that were built for these tests.
/// </summary>
public sealed class PackedPackages : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-packages-");

    /// <summary>Where they are: a source of packages.</summary>
    internal string Folder => _folder.FullName;

    /// <summary>Every file that was made, by name.</summary>
    internal IReadOnlyDictionary<string, string> Files => _folder.GetFiles().ToDictionary(file => file.Name, file => file.FullName, StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        var configuration = typeof(PackedPackages).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        using var pack = Process.Start(new ProcessStartInfo("dotnet", ["pack", "Orders.sln", "--no-build", "--no-restore", "--nologo", "-c", configuration, "-o", _folder.FullName])
        {
            WorkingDirectory = Root(),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (pack.StandardOutput.ReadToEndAsync(), pack.StandardError.ReadToEndAsync());
        await pack.WaitForExitAsync();
        if (pack.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet pack ended with {pack.ExitCode}: {await output}{await errors}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The repository.</summary>
    internal static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The solution's folder is not above the tests'.");
        }

        return folder;
    }
}

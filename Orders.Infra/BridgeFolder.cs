using Orders.Infra.Settings;

namespace Orders.Infra;

/// <summary>
/// The folder into which the CDK's bridge to Node unpacks itself (65 MB), once for a process, with the first
/// construct. By default it leaves the files in the system's temp folder.
/// </summary>
internal static class BridgeFolder
{
    private static readonly Lock Turn = new();
    private static readonly string Variable = OperatingSystem.IsWindows() ? "TMP" : "TMPDIR";
    private static bool _isUnpacked;

    /// <summary>
    /// Makes a construct. The first one unpacks the bridge into a separate folder, which is removed when
    /// this process ends.
    /// </summary>
    public static T Make<T>(Func<T> make)
    {
        lock (Turn)
        {
            if (_isUnpacked)
            {
                return make();
            }

            var folder = MakeFolder();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
            var before = Environment.GetEnvironmentVariable(Variable);
            Environment.SetEnvironmentVariable(Variable, folder);
            try
            {
                var made = make();
                _isUnpacked = true;
                return made;
            }
            finally
            {
                Environment.SetEnvironmentVariable(Variable, before);
            }
        }
    }

    /// <exception cref="StackSettingException">The system's temp folder cannot be written to.</exception>
    private static string MakeFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("orders-cdk-").FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StackSettingException(Variable, $"The CDK unpacks itself in the temp folder, and {Path.GetTempPath()} takes no folder ({refused.Message}).", "Name one that can be written to.");
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
        {
            // Node may hold a file a moment longer; the system clears the rest.
        }
    }
}

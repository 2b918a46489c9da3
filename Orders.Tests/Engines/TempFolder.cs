using System.Globalization;

namespace Orders.Tests.Engines;

/// <summary>A folder of a test's own, removed with all it holds.</summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder()
    {
        var unique = Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "orders-test-" + unique);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string In(params ReadOnlySpan<string> parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes an executable file.</summary>
    public string AddProgram(string name, string content)
    {
        var file = In(name);
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        return file;
    }

    /// <summary>Puts a program of this machine into the folder under its own name.</summary>
    public void Link(string program) => File.CreateSymbolicLink(In(System.IO.Path.GetFileName(program)), program);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

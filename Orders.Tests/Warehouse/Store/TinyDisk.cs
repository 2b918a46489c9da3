using System.Diagnostics;
using System.Globalization;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

/// <summary>
/// A disk of its own that is soon full: a tmpfs in another process' mount namespace, which needs no root and
/// is reached through /proc.
/// </summary>
internal sealed class TinyDisk : IAsyncDisposable
{
    private const string Script =
        """
        mount -t tmpfs -o size="$1"m disk "$0" && echo $$ && while read command; do eval "$command" && echo done; done
        """;

    private readonly Process _process;
    private readonly TempFolder _place;

    private TinyDisk(Process process, TempFolder place, int pid) =>
        (_process, _place, Folder) = (process, place, string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/root{place.Path}"));

    /// <summary>Its top folder.</summary>
    public string Folder { get; }

    /// <summary>Mounts one, or skips the test where that is not allowed.</summary>
    /// <param name="megabytes">Its size.</param>
    public static async Task<TinyDisk> MountAsync(int megabytes = 1)
    {
        var unshare = OperatingSystem.IsLinux() ? Executables.Find("unshare", Environment.GetEnvironmentVariable("PATH") ?? "") : null;
        Assert.SkipWhen(unshare is null, "only Linux with unshare can mount a disk for a test");
        var place = new TempFolder();
        var process = await Launcher.StartAsync(Launcher.Prepare(unshare!, ["--user", "--map-root-user", "--mount", "/bin/sh", "-c", Script, place.Path, $"{megabytes}"], "/"));
        if (await process.StandardOutput.ReadLineAsync() is not { } line)
        {
            await process.WaitForExitAsync();
            process.Dispose();
            place.Dispose();
            Assert.Skip("this user may not mount a disk for a test");
            throw new UnreachableException();
        }

        return new(process, place, int.Parse(line, CultureInfo.InvariantCulture));
    }

    /// <summary>From now on it can only be read.</summary>
    public Task MakeReadOnlyAsync() => RunAsync($"mount -o remount,ro {_place.Path}");

    /// <summary>It can be written again.</summary>
    public Task MakeWritableAsync() => RunAsync($"mount -o remount,rw {_place.Path}");

    private async Task RunAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        (await _process.StandardOutput.ReadLineAsync()).ShouldBe("done");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _place.Dispose();
    }
}

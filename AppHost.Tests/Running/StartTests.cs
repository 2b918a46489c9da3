using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

public sealed class StartTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private readonly string _data = Directory.CreateTempSubdirectory("orders-apphost-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task The_folders_below_the_one_it_is_started_in_are_not_watched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "watches are counted by /proc");
        using var apphost = ChildAppHost.Start(_data);
        using var bound = new CancellationTokenSource(Bound);
        // Aspire's second host is there by then.
        while (!apphost.Output.Contains("Dashboard:", StringComparison.Ordinal))
        {
            apphost.HasEnded.ShouldBeFalse(apphost.Output);
            await Task.Delay(50, bound.Token);
        }

        Watches(apphost.Id).ShouldBe(0);
        ProcessSignals.Send(apphost.Id, Native.Interrupt);
        (await apphost.EndAsync()).ShouldBe(0, apphost.Output);
    }

    private static int Watches(int process) =>
        Directory.EnumerateFiles($"/proc/{process}/fdinfo").SelectMany(Lines).Count(line => line.StartsWith("inotify wd", StringComparison.Ordinal));

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            // Closed meanwhile.
            return [];
        }
    }
}

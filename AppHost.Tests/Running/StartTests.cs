using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

public sealed class StartTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_folders_below_the_one_it_is_started_in_are_not_watched()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "watches are counted by /proc");
        using var apphost = ChildAppHost.Start(_folder.Path);
        using var bound = new CancellationTokenSource(Bound);
        // By then Aspire's second host is running.
        while (!apphost.Output.Contains("Dashboard:", StringComparison.Ordinal))
        {
            apphost.HasEnded.ShouldBeFalse(apphost.Output);
            await Task.Delay(50, bound.Token);
        }

        Watches(apphost.Id).ShouldBe(0);
        ProcessSignals.Send(apphost.Id, Native.Interrupt);
        (await apphost.EndAsync()).ShouldBe(0, apphost.Output);
    }

    [Fact]
    public async Task What_a_shell_says_of_listeners_and_hosts_is_kept_from_the_services()
    {
        var shell = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kestrel__Endpoints__Http__Url"] = "http://127.0.0.1:1",
            ["ASPNETCORE_KESTREL__ENDPOINTS__OTHER__URL"] = "https://127.0.0.1:1",
            ["DOTNET_Kestrel__Certificates__Default__Path"] = "/not/there.pfx",
            ["AllowedHosts"] = "example.com",
            ["ASPNETCORE_ALLOWEDHOSTS"] = "example.com",
        };
        using var apphost = ChildAppHost.Start(_folder.Path, shell);

        foreach (var service in new[] { "api", "query", "graphql" })
        {
            using var client = await apphost.ClientAsync(service);
            client.BaseAddress!.IsLoopback.ShouldBeTrue(service);
        }

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

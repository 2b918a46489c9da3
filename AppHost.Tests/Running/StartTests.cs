using Orders.AppHost.Running;
using Orders.Engines.Data;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

public sealed class StartTests : IDisposable
{
    private const UnixFileMode Others = (UnixFileMode)0x3F;
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

    [Fact]
    public async Task What_it_writes_is_for_its_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");
        using var apphost = ChildAppHost.Start(_folder.Path);
        (await apphost.ClientAsync("warehouse")).Dispose();

        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        var open = Directory.EnumerateFileSystemEntries(_folder.Path, "*", everything)
            .Where(entry => FileFacts.Of(entry) is { Kind: FileFacts.Kinds.File or FileFacts.Kinds.Folder } facts && (facts.Mode & Others) != UnixFileMode.None).ToList();
        var files = Directory.EnumerateFiles(_folder.Path, "*", everything).Select(Path.GetFileName).ToList();
        ProcessSignals.Send(apphost.Id, Native.Interrupt);
        (await apphost.EndAsync()).ShouldBe(0, apphost.Output);

        open.ShouldBeEmpty();
        files.ShouldContain("orders.db");
        files.ShouldContain("endpoints.json");
        files.ShouldContain("warehouse.duckdb");
        // Where root starts Postgres as another user, this user's group may enter the folder.
        (FileFacts.Of(_folder.Path)!.Value.Mode & Others & ~UnixFileMode.GroupExecute).ShouldBe(UnixFileMode.None);
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("everybody's")]
    [InlineData("a link")]
    public async Task A_folder_of_an_orchestrator_that_others_could_have_made_is_left_alone(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || (kind == "another's" && !Environment.IsPrivilegedProcess), "only root can make another's");
        var real = Directory.CreateDirectory(Path.Combine(_folder.Path, "real")).FullName;
        var planted = Path.Combine(_folder.Path, "aspire-dcpPlanted");
        await File.WriteAllTextAsync(Path.Combine(real, "kubeconfig"), $"    server: https://127.0.0.1:{Ports.Free()}\n");
        SetMode(real, Others | UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (kind == "a link")
        {
            SetMode(real, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.CreateSymbolicLink(planted, real);
        }
        else
        {
            Directory.Move(real, planted);
        }

        if (kind == "another's")
        {
            SetMode(planted, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            Native.Give(planted, new SystemUser("nobody", Uid: 65_534, Gid: 65_534));
        }

        OrchestratorFolders.Sweep(_folder.Path);

        File.Exists(Path.Combine(planted, "kubeconfig")).ShouldBeTrue();
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
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

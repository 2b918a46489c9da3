using System.Net.Http.Json;
using System.Text.Json;
using Orders.AppHost.Running;
using Orders.Engines.Data;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

/// <summary>
/// Stops AppHost in every way: no process is left, and all data is there at the next start.
/// </summary>
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    // Kinds of engines, not processes: a just forked session of Postgres still has its server's command
    // line.
    private static readonly string[] EngineKinds = ["dynoxide serve", "redis-server", "postgres -D"];
    private readonly TempFolder _folder = new();
    private readonly TempFolder _temporary = new();

    public void Dispose()
    {
        _folder.Dispose();
        _temporary.Dispose();
    }

    [Fact]
    public async Task Orders_outlive_a_kill_and_a_start_right_after_it_works_and_its_stop_is_orderly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        string orderId;
        using (var killed = ChildAppHost.Start(_folder.Path))
        {
            using var api = await killed.ClientAsync("api");
            orderId = await OrderTraffic.PlaceAsync(api);
            using (var query = await killed.ClientAsync("query"))
            {
                await UntilReadAsync(query, orderId);
            }

            // The next AppHost uses the same folder, by which processes are found: so these are
            // distinguished by their ids.
            var ofKilled = killed.Running().Select(each => each.Id).ToHashSet();
            ProcessSignals.Send(killed.Id, Native.Kill);
            await killed.EndAsync();

            using var next = ChildAppHost.Start(_folder.Path);
            using (var query = await next.ClientAsync("query"))
            {
                await UntilReadAsync(query, orderId);
            }

            await GoneAsync(() => [.. killed.Running().Where(each => ofKilled.Contains(each.Id))]);
            await SaidAsync(next, ReadyLine.Begin);
            await StartedAsync(next);
            ProcessSignals.Send(next.Id, Native.Terminate);
            await ServicesGoFirstAsync(next);
            await GoneAsync(next.Running);
            (await next.EndAsync()).ShouldBe(0, next.Output);
        }

        Directory.EnumerateFiles(_folder.Path, "postmaster.pid", SearchOption.AllDirectories).ShouldBeEmpty("Postgres removes it when it shuts down cleanly");
        File.Exists(Path.Combine(_folder.Path, "endpoints.json")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Native.Interrupt, false)]
    [InlineData(Native.HangUp, false)]
    [InlineData(Native.Kill, true)]
    public async Task Nothing_is_left_after_Ctrl_C_and_a_closed_terminal_and_after_a_kill_of_AppHost_with_its_orchestrator(int signal, bool withOrchestrator)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        using var apphost = ChildAppHost.Start(_folder.Path, Variable("TMPDIR", _temporary.Path));
        // When the first service is ready, AppHost is still starting. A Ctrl-C at that time must stop the
        // stores last too.
        (await apphost.ClientAsync(withOrchestrator ? "query" : "api")).Dispose();

        if (withOrchestrator)
        {
            OrchestratorFolders.Sweep(_temporary.Path);
            OrchestratorFoldersLeft().ShouldHaveSingleItem("it lives");
            KillOrchestrator(apphost);
        }

        ProcessSignals.Send(apphost.Id, signal);
        if (!withOrchestrator)
        {
            await ServicesGoFirstAsync(apphost);
        }

        await GoneAsync(apphost.Running);
        PostgresFiles.IsShutDown(_folder.Path).ShouldBeTrue();
        OrchestratorFolders.Sweep(_temporary.Path);
        OrchestratorFoldersLeft().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_Node_the_others_go_on_and_when_the_orchestrator_is_killed_AppHost_ends_in_one_line_with_all_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        foreach (var tool in new[] { "dotnet", "env", "find", "mkfifo", "redis-server", "rm", "setpriv", "setsid", "sleep" })
        {
            if (Executables.Find(tool, Environment.GetEnvironmentVariable("PATH") ?? "") is { } program)
            {
                _temporary.Link(program);
            }
        }

        using var apphost = ChildAppHost.Start(_folder.Path, Variable("PATH", _temporary.Path));
        await SaidAsync(apphost, $"{ReadyLine.NotReady}graphql could not start: there is no Node. Install Node.js 20.3 or later and put it on the PATH; the others go on.");
        using var query = await apphost.ClientAsync("query");

        KillOrchestrator(apphost);

        (await apphost.EndAsync()).ShouldBe(1, apphost.Output);
        apphost.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1].ShouldBe(OrchestratorWatch.Gone);
        apphost.Output.ShouldNotContain("   at ");
        await GoneAsync(apphost.Running);
        PostgresFiles.IsShutDown(_folder.Path).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--Ephemeral=false")]
    [InlineData("--Ephemeral=true")]
    public async Task A_start_right_after_a_kill_in_the_middle_of_a_start_waits_for_its_ports(string ephemeral)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        var port = Ports.Free();
        string[] arguments = [ephemeral, "--DcpPublisher:RandomizePorts=false", $"--api-port={port}", "--query-port=0", "--graphql-port=0", "--warehouse-port=0"];
        using var killed = ChildAppHost.Start(_folder.Path, arguments);
        using var bound = new CancellationTokenSource(Bound);
        while (!Ports.IsInUse(port))
        {
            await Task.Delay(20, bound.Token);
        }

        ProcessSignals.Send(killed.Id, Native.Kill);
        await killed.EndAsync();

        using var next = ChildAppHost.Start(_folder.Path, arguments);
        await SaidAsync(next, "Distributed application starting");
        ProcessSignals.Send(next.Id, Native.Interrupt);
        (await next.EndAsync()).ShouldBe(0, next.Output);
        await GoneAsync(() => [.. killed.Running(), .. next.Running()]);
    }

    [Fact]
    public async Task Services_whose_start_was_under_way_as_AppHost_and_its_orchestrator_were_killed_end_by_themselves()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        using var apphost = ChildAppHost.Start(_folder.Path);
        (await apphost.ClientAsync("graphql")).Dispose();
        await StartedAsync(apphost);

        // Each process gets a watcher, a moment after its start, that ends it when the orchestrator has
        // ended. The watchers of these processes do not exist yet.
        var services = apphost.Running().Where(each => each.Program.Contains("/Orders.", StringComparison.Ordinal) || each.Program.Contains("main.js", StringComparison.Ordinal)).ToList();
        foreach (var (id, _) in apphost.Running().Where(each =>
            each.Program.Contains("dcp run-controllers", StringComparison.Ordinal)
            || services.Any(service => each.Program.Contains($"monitor-process --child {service.Id} ", StringComparison.Ordinal))))
        {
            ProcessSignals.Send(id, Native.Kill);
        }

        ProcessSignals.Send(apphost.Id, Native.Kill);

        // The orchestrator's own remaining process ends when it notices.
        await GoneAsync(() => [.. apphost.Running().Where(each => !each.Program.Contains("/dcp ", StringComparison.Ordinal))]);
    }

    [Theory]
    [InlineData("Distributed application starting")]
    [InlineData("Application host directory is")]
    [InlineData("Starting DCP")]
    [InlineData("Dashboard:")]
    public async Task A_stop_does_not_wait_for_services_that_wait_for_their_stores(string said)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        using var apphost = ChildAppHost.Start(_folder.Path);
        await SaidAsync(apphost, said);

        ProcessSignals.Send(apphost.Id, Native.Interrupt);

        (await apphost.EndAsync()).ShouldBe(0, apphost.Output);
        await GoneAsync(apphost.Running);
        apphost.Output.ShouldNotContain(OrderlyStop.Late);
        // No stack trace of an exception that the stop itself caused.
        apphost.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Data_that_a_store_cannot_read_is_told_with_the_way_out_and_a_stop_does_not_wait_for_what_failed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        (await DataFolder.OpenAsync(_folder.Path, CancellationToken.None)).Dispose();
        Directory.CreateDirectory(_folder.In("postgres-9", "data"));
        Directory.CreateDirectory(_folder.In("dynoxide"));
        await File.WriteAllTextAsync(_folder.In("dynoxide", "orders.db"), new string('?', 4096));
        using var apphost = ChildAppHost.Start(_folder.Path);
        await SaidAsync(apphost, "is of Postgres 9, and Postgres ");
        await SaidAsync(apphost, "dynamodb ended with exit code 1: error: ");
        apphost.Output.ShouldContain($"If its file is damaged, move '{_folder.In("dynoxide")}' away");
        await SaidAsync(apphost, "cannot start without dynamodb");

        ProcessSignals.Send(apphost.Id, Native.Interrupt);

        (await apphost.EndAsync()).ShouldBe(0, apphost.Output);
        await GoneAsync(apphost.Running);
        apphost.Output.ShouldNotContain(OrderlyStop.Late);
    }

    private static Dictionary<string, string> Variable(string name, string value) => new(StringComparer.Ordinal) { [name] = value };

    private string[] OrchestratorFoldersLeft() => Directory.GetDirectories(_temporary.Path, "aspire-dcp*");

    private static void KillOrchestrator(ChildAppHost apphost)
    {
        foreach (var (id, _) in apphost.Running().Where(each => each.Program.Contains("dcp run-controllers", StringComparison.Ordinal) || each.Program.Contains("dcp start-apiserver", StringComparison.Ordinal)))
        {
            ProcessSignals.Send(id, Native.Kill);
        }
    }

    // Only a completed start can be stopped gracefully; one in progress is cancelled.
    private static Task StartedAsync(ChildAppHost apphost) => SaidAsync(apphost, "Distributed application started");

    private static async Task SaidAsync(ChildAppHost apphost, string line)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!apphost.Output.Contains(line, StringComparison.Ordinal))
        {
            apphost.HasEnded.ShouldBeFalse(apphost.Output);
            await Task.Delay(50, bound.Token);
        }
    }

    // Engines are checked before services: a service that is seen after an engine had ended has outlived it.
    private static async Task ServicesGoFirstAsync(ChildAppHost apphost)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            var missing = MissingEngines(apphost);
            var services = apphost.Running().Where(each => each.Program.Contains("/Orders.", StringComparison.Ordinal) && !each.Program.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
            if (services.Count == 0)
            {
                return;
            }

            missing.ShouldBeEmpty($"still there: {string.Join(", ", services)}");
            await Task.Delay(20, bound.Token);
        }
    }

    private static IReadOnlyList<string> MissingEngines(ChildAppHost apphost)
    {
        var running = apphost.Running();
        return [.. EngineKinds.Where(kind => !running.Any(each => each.Program.Contains(kind, StringComparison.Ordinal)))];
    }

    private static async Task GoneAsync(Func<IReadOnlyList<(int Id, string Program)>> running)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (running() is { Count: > 0 } left)
        {
            if (bound.IsCancellationRequested)
            {
                left.ShouldBeEmpty();
            }

            await Task.Delay(50);
        }
    }

    private static async Task UntilReadAsync(HttpClient query, string orderId)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            using var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), bound.Token);
            if (answer.IsSuccessStatusCode)
            {
                (await answer.Content.ReadFromJsonAsync<JsonElement>(bound.Token)).GetProperty("order_id").GetString().ShouldBe(orderId);
                return;
            }

            await Task.Delay(50, bound.Token);
        }
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

/// <summary>AppHost ended in every way: nothing is left, and what was written is there at the next start.</summary>
public sealed class StopTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private readonly string _data = Directory.CreateTempSubdirectory("orders-apphost-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Orders_outlive_a_kill_and_a_start_right_after_it_works_and_its_stop_is_orderly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        string orderId;
        using (var killed = ChildAppHost.Start(_data))
        {
            using var api = await killed.ClientAsync("api");
            orderId = await OrderTraffic.PlaceAsync(api);
            using (var query = await killed.ClientAsync("query"))
            {
                await UntilReadAsync(query, orderId);
            }

            ProcessSignals.Send(killed.Id, Native.Kill);
            await killed.EndAsync();

            using var next = ChildAppHost.Start(_data);
            using (var query = await next.ClientAsync("query"))
            {
                await UntilReadAsync(query, orderId);
            }

            await GoneAsync(killed);
            ProcessSignals.Send(next.Id, Native.Terminate);
            await ServicesGoFirstAsync(next);
            await GoneAsync(next);
            (await next.EndAsync()).ShouldBe(0, next.Output);
        }

        Directory.EnumerateFiles(_data, "postmaster.pid", SearchOption.AllDirectories).ShouldBeEmpty("Postgres removes it when it shuts down cleanly");
        File.Exists(Path.Combine(_data, "endpoints.json")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(Native.Interrupt, false)]
    [InlineData(Native.Kill, true)]
    public async Task Nothing_is_left_after_Ctrl_C_and_after_a_kill_of_AppHost_with_its_orchestrator(int signal, bool withOrchestrator)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are found by /proc");
        using var apphost = ChildAppHost.Start(_data);
        (await apphost.ClientAsync("query")).Dispose();

        if (withOrchestrator)
        {
            foreach (var (id, _) in apphost.Running().Where(each => each.Program.Contains("dcp run-controllers", StringComparison.Ordinal)))
            {
                ProcessSignals.Send(id, signal);
            }
        }

        ProcessSignals.Send(apphost.Id, signal);
        await GoneAsync(apphost);
    }

    // Engines are looked at before services: a service seen after an engine was gone has outlived it.
    private static async Task ServicesGoFirstAsync(ChildAppHost apphost)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (true)
        {
            var engines = Engines(apphost);
            var services = apphost.Running().Where(each => each.Program.Contains("/Orders.", StringComparison.Ordinal) && !each.Program.StartsWith("dotnet ", StringComparison.Ordinal)).ToList();
            if (services.Count == 0)
            {
                return;
            }

            engines.ShouldBe(3, $"still there: {string.Join(", ", services)}");
            await Task.Delay(20, bound.Token);
        }
    }

    private static int Engines(ChildAppHost apphost) => apphost.Running().Count(each =>
        each.Program.Contains("dynoxide serve", StringComparison.Ordinal) || each.Program.Contains("redis-server", StringComparison.Ordinal) || each.Program.Contains("postgres -D", StringComparison.Ordinal));

    private static async Task GoneAsync(ChildAppHost apphost)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (apphost.Running() is { Count: > 0 } left)
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

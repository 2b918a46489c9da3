using System.Diagnostics;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class FaultTests(RunningAppHost apphost)
{
    // Orders before, during and after the fault.
    private const int Some = 100;
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Nothing_is_lost_when_the_consumer_that_has_the_shard_is_killed_while_orders_flow()
    {
        await apphost.WaitForAsync("sync-2");
        var owner = await OwnerAsync();

        await UnderLoadAsync(async () =>
        {
            using var process = Process.GetProcessById(await apphost.ProcessOfAsync(owner));
            process.Kill(entireProcessTree: true);
        });

        (await OwnerAsync()).ShouldNotBe(owner);
        var asked = await apphost.ExecuteAsync(owner, "status");
        asked.Success.ShouldBeFalse();
        asked.Message!.ShouldContain("Start it first.");
        // Restore it for the tests that follow.
        await apphost.RunAsync(owner, KnownResourceCommands.StartCommand);
        await apphost.WaitForAsync(owner);
    }

    [Theory]
    [InlineData("dynamodb")]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task Nothing_is_lost_when_a_store_is_stopped_and_started_by_its_command_while_orders_flow(string store)
    {
        await apphost.WaitForAsync("sync-2");
        Assert.SkipWhen(store != "redis" && await apphost.IsContainerAsync(store), "a container that is started again is a new one, and without a volume an empty one");

        await UnderLoadAsync(() => apphost.RestartAsync(store, Outage));

        foreach (var service in (string[])["api", "sync", "query"])
        {
            await apphost.WaitForAsync(service);
        }
    }

    private async Task UnderLoadAsync(Func<Task> fault)
    {
        using var api = await apphost.ClientOfAsync("api");
        using var query = await apphost.ClientOfAsync("query");
        await using var traffic = new OrderTraffic(api);
        await apphost.UntilAsync("orders flow", _ => Task.FromResult(traffic.Placed.Count >= Some));

        await fault();

        var after = traffic.Placed.Count + Some;
        await apphost.UntilAsync("orders flow again", _ => Task.FromResult(traffic.Placed.Count >= after));
        foreach (var orderId in await traffic.StopAsync())
        {
            await apphost.UntilAsync($"order {orderId} can be read", async token =>
            {
                using var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), token);
                return answer.IsSuccessStatusCode;
            });
        }

        await apphost.UntilAsync("the stores agree", async _ => (await apphost.ExecuteAsync(await AliveAsync(), "reconcile")).Success);
    }

    private async Task<string> AliveAsync()
    {
        foreach (var consumer in (string[])["sync", "sync-2"])
        {
            if ((await apphost.ExecuteAsync(consumer, "status")).Success)
            {
                return consumer;
            }
        }

        return "sync";
    }

    // The consumer that has the lease of the table's one open shard.
    private async Task<string> OwnerAsync()
    {
        var owner = "";
        await apphost.UntilAsync("a consumer has the shard", async _ =>
        {
            var status = JsonDocument.Parse(await apphost.RunAsync(await AliveAsync(), "status")).RootElement;
            var shard = status.GetProperty("shards").EnumerateArray().FirstOrDefault(each => each.GetProperty("leased").GetBoolean() && !each.GetProperty("finished").GetBoolean());
            owner = shard.ValueKind == JsonValueKind.Object ? shard.GetProperty("owner").GetString()! : "";
            return owner.Length > 0;
        });

        // The id of an instance is host/process/…; the process is the child of the resource's.
        var process = int.Parse(owner.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture);
        return await ProcessTree.IsBelowAsync(process, await apphost.ProcessOfAsync("sync")) ? "sync" : "sync-2";
    }
}

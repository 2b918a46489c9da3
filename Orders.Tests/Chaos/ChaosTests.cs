using System.Globalization;
using Xunit;

namespace Orders.Tests.Chaos;

/// <summary>What users do to it in the first ten minutes, and production in the first year.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Clients = 4;

    // A start costs seconds of processor. ORDERS_CHAOS_SECONDS=60 kills for a minute.
    private static readonly int Seconds = int.Parse(Environment.GetEnvironmentVariable("ORDERS_CHAOS_SECONDS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Killed_every_second_under_load_it_loses_nothing_and_repeats_nothing()
    {
        await using var system = await ChaosSystem.StartAsync(instances: 2);
        await UnderLoadAsync(system, seed: 1, async () =>
        {
            for (var second = 0; second < Seconds; second++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                await system.ReplaceInstanceAsync(second % system.Instances);
            }
        });
    }

    [Fact]
    public async Task Whatever_dies_in_whatever_order_it_loses_nothing_and_repeats_nothing()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("ORDERS_CHAOS_SEED") ?? $"{Random.Shared.Next()}", CultureInfo.InvariantCulture);
        output.WriteLine($"Seed {seed}: run it again with ORDERS_CHAOS_SEED={seed}");
        var random = new Random(seed);
        await using var system = await ChaosSystem.StartAsync(instances: 2);
        await UnderLoadAsync(system, seed, async () =>
        {
            for (var step = 0; step < 15; step++)
            {
                await Task.Delay(random.Next(500, 2_500), CancellationToken.None);
                await HarmAsync(system, random);
            }
        });
    }

    private async Task HarmAsync(ChaosSystem system, Random random)
    {
        var away = TimeSpan.FromMilliseconds(random.Next(2_000));
        var harm = random.Next(5);
        output.WriteLine($"{(string[])["Sync killed", "Postgres killed", "Redis killed", "Redis flushed", "the write store killed"] switch { var names => names[harm] }}, {away.TotalMilliseconds} ms");
        await (harm switch
        {
            0 => system.ReplaceInstanceAsync(random.Next(system.Instances)),
            1 => system.Engines.Postgres.RestartAsync(away),
            2 => system.Engines.Redis?.RestartAsync(away) ?? Task.CompletedTask,
            3 => system.FlushRedisAsync(),
            _ => system.Engines.Dynamo.RestartAsync(away),
        });
    }

    private async Task UnderLoadAsync(ChaosSystem system, int seed, Func<Task> harm)
    {
        using var load = new OrderLoad(system.Api, Clients, seed);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(stop.Token);
        try
        {
            await harm();
        }
        finally
        {
            await stop.CancelAsync();
        }

        await running;
        output.WriteLine($"{load.Placed} placed, {load.Changed} changed, {load.Deleted} deleted");
        await system.ShouldAgreeAsync(load);
        output.WriteLine("lost 0, repeated 0");
    }
}

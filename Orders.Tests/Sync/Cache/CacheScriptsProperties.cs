using System.Globalization;
using Orders.Domain.Cache;
using Orders.Sync.Cache;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Sync.Cache;

/// <summary>
/// The scripts on a real Redis against <see cref="CacheModel"/>: random calls with versions of all 64 bits,
/// many of which are one number to a float.
/// </summary>
public sealed class CacheScriptsProperties(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private const int Runs = 200;
    private const int CallsOfRun = 40;

    // Two of the stream's or readers', two from beside the stream.
    private static readonly string[] Tickets = ["t1", "t2", $"{OrderCache.BesideTheStream}1", $"{OrderCache.BesideTheStream}2"];

    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(fixture.Stores.Redis is null, "no Redis on this machine");
        _redis = await ConnectionMultiplexer.ConnectAsync(fixture.Stores.Redis!);
    }

    public ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Whatever_is_called_the_entry_is_what_a_plain_model_says()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("ORDERS_SEED"), out var given) ? given : Random.Shared.Next();
        var random = new Random(seed);
        for (var run = 0; run < Runs; run++)
        {
            await RunAsync(random, $"seed {seed}, run {run}");
        }
    }

    private async Task RunAsync(Random random, string run)
    {
        var (database, orderId, model) = (_redis.GetDatabase(), Guid.CreateVersion7(), new CacheModel());
        RedisKey key = fixture.Keys.Order(orderId);
        var first = random.NextInt64(1, long.MaxValue - 8);
        var calls = new List<string>();
        for (var number = 0; number < CallsOfRun; number++)
        {
            // Neighbours of each other, so that they meet; few tickets and fillings, likewise.
            var (version, ticket, filling) = (first + random.Next(4), Tickets[random.Next(Tickets.Length)], random.Next(1, 3));
            var body = $"body of {version}";
            switch (random.Next(9))
            {
                case 0:
                    var announced = ticket[0] == OrderCache.BesideTheStream[0] || random.Next(5) == 0 ? (long?)null : version;
                    calls.Add($"announce {ticket} {filling} {announced}");
                    await Task.WhenAll(CacheCalls.Announce(database, fixture.Keys, ticket, $"{filling}", [(orderId, announced?.ToString(CultureInfo.InvariantCulture) ?? CacheCalls.NoVersion)]));
                    model.Announce(ticket, filling, announced);
                    break;
                case 1:
                    var (isTombstone, isTold) = (random.Next(3) == 0, random.Next(3) > 0);
                    calls.Add($"complete {ticket} {filling} {version} {isTombstone} {isTold}");
                    var entry = new CacheEntry(orderId, version, "m-1", isTombstone ? null : System.Text.Encoding.UTF8.GetBytes(body)) { IsToldByVersion = isTold };
                    await Task.WhenAll(CacheCalls.Complete(database, fixture.Keys, ticket, $"{filling}", [entry]));
                    model.Complete(ticket, filling, version, isTombstone ? null : body, isTold);
                    break;
                case 2:
                    calls.Add($"look {ticket} {filling}");
                    var found = (string?[])(await database.ScriptEvaluateAsync(CacheScripts.Look, [key], [ticket, 60_000, filling]))!;
                    found.ShouldBe(model.Look(ticket, filling), Told());
                    break;
                case 3 or 4:
                    calls.Add($"fill {ticket} {filling} {version}");
                    var filled = (bool)await database.ScriptEvaluateAsync(CacheScripts.Fill, [key], [ticket, version, "m-1", body, 60, filling]);
                    filled.ShouldBe(model.Fill(ticket, filling, version, body), Told());
                    break;
                case 5:
                    calls.Add($"withdraw {ticket}");
                    await Task.WhenAll(CacheCalls.Withdraw(database, fixture.Keys, ticket, [orderId]));
                    model.Withdraw(ticket);
                    break;
                case 6:
                    calls.Add("invalidate");
                    await database.ScriptEvaluateAsync(CacheScripts.Invalidate, [key]);
                    model.Invalidate();
                    break;
                case 7:
                    calls.Add($"fence {ticket}, give back {ticket}");
                    await Task.WhenAll(CacheCalls.InvalidateAndFence(database, fixture.Keys, ticket, [orderId]));
                    model.Fence(ticket);
                    await database.ScriptEvaluateAsync(CacheScripts.GiveBack, [key], [ticket]);
                    model.GiveBack(ticket);
                    break;
                default:
                    calls.Add("evict");
                    await database.KeyDeleteAsync(key);
                    model.Evict();
                    break;
            }

            (await fixture.CachedAsync(orderId)).ShouldBe(model.Fields(), ignoreOrder: true, Told());
        }

        string Told() => $"{run}: {string.Join("; ", calls)}";
    }
}

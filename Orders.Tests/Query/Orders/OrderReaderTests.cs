using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Query.ById;
using Orders.Query.Cache;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.Query;

public sealed class OrderReaderTests(QueryFixture fixture) : IClassFixture<QueryFixture>
{
    private static readonly Caller Everybody = new("test", [Caller.EveryMerchant], []);

    [Fact]
    public async Task Who_missed_before_the_order_was_put_into_Redis_finds_it_there_by_a_second_look()
    {
        var redis = new HeldRedis(fixture.Service.Services.GetRequiredService<IRedis>());
        using var trust = new CacheTrust(redis, fixture.Stores.Postgres, TimeProvider.System);
        await trust.CheckAsync(CancellationToken.None);
        using var readModel = new ReadModel(fixture.Stores.Postgres, readsAtOnce: 32, TimeProvider.System, NullLogger<ReadModel>.Instance);
        var reader = new OrderReader(new CachedOrders(redis, trust, TimeProvider.System), new OrderStore(readModel), TimeProvider.System);
        var order = Sample.Order();
        await fixture.Stores.StoreAsync(order);
        using var statements = new StatementCounter(new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]).Database!);

        var release = new TaskCompletionSource();
        redis.HoldNext(release.Task);
        var late = reader.FindAsync(order.OrderId, Everybody, CancellationToken.None).AsTask();
        var first = await reader.FindAsync(order.OrderId, Everybody, CancellationToken.None);
        release.SetResult();

        first!.Value.ServedBy.ShouldBe(ServedBy.Postgres);
        (await late)!.Value.ServedBy.ShouldBe(ServedBy.Redis);
        statements.Count("FROM orders AS o").ShouldBe(1);
    }
}

using DynamoStreams.Applying;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// A batch costs what it changes, however many orders there are: no table is read whole, which a planner
/// likes to do for hundreds of rows at once.
/// </summary>
public sealed class BulkLoadPlanTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    private const string OthersThatAreThere =
        """
        INSERT INTO orders SELECT gen_random_uuid(), 'merchant-1', NULL, 'placed', 'INR', 1, now(), now(), 1 FROM generate_series(1, 20000);
        INSERT INTO products SELECT 'merchant-1', 'other-' || n, 'other', 1, 'INR', now() FROM generate_series(1, 20000) AS n;
        ANALYZE orders, products
        """;

    private readonly Order[] _placed =
        [.. Enumerable.Range(0, BulkPlan.FewestRecords).Select(i => SampleOrders.Placed(amount: 10 + i, merchant: "merchant-1", at: SampleOrders.Noon.AddMinutes(i), lines: 3))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task No_table_is_read_whole_for_a_large_batch(bool isStep)
    {
        await fixture.ExecuteAsync("TRUNCATE orders, order_items, order_history, products");
        await using var parts = fixture.Build();
        var lease = await fixture.LeaseAsync();
        var inserts = _placed.Select(StreamRecords.Insert).ToArray();
        await parts.ApplyAsync(lease, inserts);
        await fixture.ExecuteAsync(OthersThatAreThere);
        var records = isStep
            ? [.. _placed.Select(order => StreamRecords.Modify(order, order.Next(OrderStatus.Paid)))]
            : _placed.Select(order => StreamRecords.Insert(SampleOrders.Placed(merchant: "merchant-1", at: SampleOrders.Noon.AddDays(1), lines: 3))).ToArray();
        var plan = BulkPlan.TryMake(records, ChangeSet.From(records)).ShouldNotBeNull();
        (isStep ? plan.Steps.Count : plan.Placed.Count).ShouldBe(records.Length);

        await using var connection = new NpgsqlConnection(fixture.Stores.Postgres);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await BulkLoad.WriteAsync(connection, new ShardBatch(lease, records, EndsShard: false), plan, [], CancellationToken.None);

        await using var read = new NpgsqlCommand("SELECT coalesce(sum(seq_tup_read), 0)::int FROM pg_stat_xact_user_tables WHERE relname IN ('orders', 'products')", connection);
        (await read.ExecuteScalarAsync()).ShouldBe(0);
    }
}

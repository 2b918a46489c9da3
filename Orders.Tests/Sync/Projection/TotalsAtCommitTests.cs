using Npgsql;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// What statements add to the hourly totals is written at the commit of their transaction, whoever executes
/// them.
/// </summary>
public sealed class TotalsAtCommitTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private NpgsqlConnection _one = null!;
    private NpgsqlConnection _other = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ExecuteAsync("TRUNCATE orders, hourly_totals");
        (_one, _other) = (await OpenAsync(), await OpenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task Transactions_that_add_to_the_same_hours_crosswise_do_not_wait_for_each_other()
    {
        await using var one = await _one.BeginTransactionAsync();
        await using var other = await _other.BeginTransactionAsync();

        // Locked by each statement, the second of each would wait for the other transaction: in a circle.
        await ExecuteAsync(_one, Insert("m-a"));
        await ExecuteAsync(_other, Insert("m-b"));
        await ExecuteAsync(_one, Insert("m-b"));
        await ExecuteAsync(_other, Insert("m-a"));
        await one.CommitAsync();
        await other.CommitAsync();

        (await TotalsAsync()).ShouldBe("m-a 2 20.00, m-b 2 20.00");
    }

    [Fact]
    public async Task All_statements_of_a_transaction_count_but_those_before_a_rollback_to_a_savepoint()
    {
        await using var transaction = await _one.BeginTransactionAsync();
        await ExecuteAsync(_one, $"{Insert("m-a")}; {Insert("m-a")}");
        await transaction.SaveAsync("here");
        await ExecuteAsync(_one, $"{Insert("m-a")}; {Insert("m-b")}; DELETE FROM orders");
        await transaction.RollbackAsync("here");
        await ExecuteAsync(_one, "UPDATE orders SET amount = 1.50");
        await transaction.CommitAsync();

        (await TotalsAsync()).ShouldBe("m-a 2 3.00");
    }

    [Fact]
    public async Task Nothing_is_owed_after_a_transaction_and_a_second_one_of_the_same_session_owes_its_own()
    {
        await ExecuteAsync(_one, Insert("m-a"));
        await ExecuteAsync(_one, "UPDATE orders SET status = 'cancelled'");
        await ExecuteAsync(_one, Insert("m-a"));

        (await TotalsAsync()).ShouldBe("m-a 1 10.00");
        (await fixture.ScalarAsync<long>("SELECT count(*) FROM sync.owed_totals")).ShouldBe(0);
    }

    [Fact]
    public async Task A_transaction_that_owes_very_much_pays_some_of_it_before_its_end()
    {
        await using var transaction = await _one.BeginTransactionAsync();
        for (var i = 0; i < 3; i++)
        {
            await ExecuteAsync(_one, "INSERT INTO orders SELECT gen_random_uuid(), 'm-' || n, NULL, 'placed', 'INR', 10, now(), now(), 1 FROM generate_series(1, 8000) AS n");
        }

        (await fixture.ScalarAsync<long>("SELECT count(*) FROM hourly_totals")).ShouldBe(0);
        await using (var inside = new NpgsqlCommand("SELECT count(*) FROM hourly_totals", _one))
        {
            ((long)(await inside.ExecuteScalarAsync())!).ShouldBe(8000);
        }

        await ExecuteAsync(_one, Insert("m-1"));
        await transaction.CommitAsync();

        (await fixture.ScalarAsync<string>("SELECT count(*) || ' ' || sum(orders) FROM hourly_totals")).ShouldBe("8001 24001");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(600)]
    public async Task A_total_that_cannot_be_written_fails_its_batch_and_nothing_of_that_is_committed(int orders)
    {
        await using var parts = fixture.Build();
        var lease = await fixture.LeaseAsync();
        await fixture.ExecuteAsync("ALTER TABLE hourly_totals ADD CONSTRAINT no_such_merchant CHECK (merchant_id <> 'm-refused')");
        try
        {
            var records = Enumerable.Range(0, orders).Select(_ => StreamRecords.Insert(SampleOrders.Placed(merchant: "m-refused"))).ToArray();

            var refusal = await Should.ThrowAsync<PostgresException>(() => parts.ApplyAsync(lease, records));

            refusal.ConstraintName.ShouldBe("no_such_merchant");
            (await fixture.ScalarAsync<long>("SELECT count(*) FROM orders")).ShouldBe(0);
            (await fixture.ScalarAsync<string?>("SELECT checkpoint FROM sync.shards WHERE shard_id = @ShardId", new { lease.ShardId })).ShouldBeNull();
        }
        finally
        {
            await fixture.ExecuteAsync("ALTER TABLE hourly_totals DROP CONSTRAINT no_such_merchant");
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(fixture.Stores.Postgres);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "SET lock_timeout = '10s'");
        return connection;
    }

    private static string Insert(string merchant) =>
        $"INSERT INTO orders VALUES (gen_random_uuid(), '{merchant}', NULL, 'placed', 'INR', 10.00, '2026-03-01T12:34:56Z', now(), 1)";

    private Task<string> TotalsAsync() => fixture.ScalarAsync<string>(
        "SELECT string_agg(merchant_id || ' ' || orders || ' ' || amount, ', ' ORDER BY merchant_id) FROM hourly_totals WHERE orders <> 0");

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

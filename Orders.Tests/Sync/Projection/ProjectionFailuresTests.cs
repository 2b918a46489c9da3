using DynamoStreams.Applying;
using DynamoStreams.Progress;
using Npgsql;
using Orders.Sync.Projection;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

public sealed class ProjectionFailuresTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Theory]
    [InlineData("22021", "invalid byte sequence: a NUL")]
    [InlineData("22003", "a number out of range")]
    [InlineData("23514", "a check constraint")]
    [InlineData("23502", "NULL where none may be")]
    [InlineData("54000", "too long for its index")]
    [InlineData("P0001", "raised by a trigger")]
    public void Data_that_is_refused_is_the_record_s_fault(string state, string what) => Of(state).ShouldBe(FailureKind.Record, what);

    [Theory]
    [InlineData("40001", "serialization failure")]
    [InlineData("40P01", "deadlock")]
    [InlineData("53300", "too many connections")]
    [InlineData("57P01", "the server stops")]
    [InlineData("57P03", "the server starts")]
    [InlineData("58030", "an I/O error")]
    [InlineData("08006", "the connection failed")]
    [InlineData("25006", "read-only: the old primary after a fail-over")]
    [InlineData("55P03", "a lock that is not to be had")]
    public void What_a_busy_or_restarting_server_says_passes(string state, string what) => Of(state).ShouldBe(FailureKind.Passing, what);

    [Theory]
    [InlineData("42P01", "no such table")]
    [InlineData("42703", "no such column")]
    [InlineData("42501", "no right")]
    [InlineData("28P01", "wrong password")]
    [InlineData("3D000", "no such database")]
    [InlineData("53100", "the disk is full")]
    [InlineData("XX001", "the data is damaged")]
    [InlineData("99999", "nobody knows")]
    public void What_a_person_must_mend_is_blamed_on_no_record(string state, string what) => Of(state).ShouldBe(FailureKind.Setup, what);

    [Fact]
    public void A_database_that_is_away_passes_and_what_a_record_makes_our_code_throw_is_its_fault()
    {
        ProjectionFailures.Classify(new NpgsqlException("away")).ShouldBe(FailureKind.Passing);
        ProjectionFailures.Classify(new TimeoutException()).ShouldBe(FailureKind.Passing);
        ProjectionFailures.Classify(new NpgsqlException("too slow", new TimeoutException())).ShouldBe(FailureKind.Slow);
        Of("57014").ShouldBe(FailureKind.Slow, "the server's own time limit");
        ProjectionFailures.Classify(new System.Text.EncoderFallbackException()).ShouldBe(FailureKind.Record);
        ProjectionFailures.Classify(new InvalidOperationException()).ShouldBe(FailureKind.Setup);
    }

    [Fact]
    public async Task A_missing_table_sets_nothing_aside_and_the_records_arrive_once_it_is_back()
    {
        await using var parts = fixture.Build();
        var progress = new ConsumerProgress();
        var applier = new BisectingApplier(parts.Handler, new(), progress, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var (lease, orders) = (await fixture.LeaseAsync(), Enumerable.Range(0, 5).Select(_ => SampleOrders.Placed()).ToArray());
        await fixture.ExecuteAsync("ALTER TABLE order_history RENAME TO elsewhere");

        var applying = applier.ApplyAsync(new ShardBatch(lease, [.. orders.Select(StreamRecords.Insert)], EndsShard: false), CancellationToken.None);
        await Eventually.HoldsAsync(() => Task.FromResult(progress.Obstacle?.Contains("order_history") == true));
        await fixture.ExecuteAsync("ALTER TABLE elsewhere RENAME TO order_history");
        await applying;

        progress.Obstacle.ShouldBeNull();
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE order_id = ANY (@Ids)", new { Ids = orders.Select(order => order.OrderId).ToArray() })).ShouldBe(5);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE shard_id = @ShardId", lease)).ShouldBe(0);
    }

    [Theory]
    [InlineData("Command Timeout=1")]
    [InlineData("Options=-c statement_timeout=1000")]
    public async Task Records_that_are_too_many_for_the_time_limit_arrive_in_smaller_batches_and_none_is_set_aside(string limit)
    {
        // 2.4 s together, 0.6 s a quarter.
        await fixture.ExecuteAsync(
            """
            CREATE OR REPLACE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$;
            CREATE TRIGGER take_long BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION take_long();
            """);
        await using var parts = fixture.BuildOn($"{fixture.Stores.Postgres};{limit}");
        var applier = new BisectingApplier(parts.Handler, new(), new ConsumerProgress(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var (lease, merchant) = (await fixture.LeaseAsync(), $"slow-{Guid.CreateVersion7():N}");
        var records = Enumerable.Range(0, 120).Select(_ => StreamRecords.Insert(SampleOrders.Placed(merchant: merchant))).ToArray();

        await applier.ApplyAsync(new ShardBatch(lease, records, EndsShard: false), CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2));
        await fixture.ExecuteAsync("DROP TRIGGER take_long ON orders");

        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders WHERE merchant_id = @merchant", new { merchant })).ShouldBe(120);
        (await fixture.ScalarAsync<string>("SELECT records || ' ' || checkpoint FROM sync.shards WHERE shard_id = @ShardId", lease)).ShouldBe($"120 {records[^1].SequenceNumber}");
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters WHERE shard_id = @ShardId", lease)).ShouldBe(0);
    }

    private static FailureKind Of(string state) => ProjectionFailures.Classify(new PostgresException("refused", "ERROR", "ERROR", state));
}

using DynamoStreams.Applying;
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
    [InlineData("57014", "cancelled, by a time-out")]
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
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM orders")).ShouldBe(5);
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.dead_letters")).ShouldBe(0);
    }

    private static FailureKind Of(string state) => ProjectionFailures.Classify(new PostgresException("refused", "ERROR", "ERROR", state));
}

using DynamoStreams.Api;
using DynamoStreams.Leases;
using DynamoStreams.Postgres.Mapping;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Postgres;

/// <summary>A declared table is kept as the items are, without a handler.</summary>
public sealed class TableMapTests(MappedTable table) : IClassFixture<MappedTable>, IAsyncLifetime
{
    private ShardLease _lease = null!;

    public async ValueTask InitializeAsync()
    {
        await table.ResetAsync();
        _lease = await table.LeaseAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Rows_are_what_the_items_are_after_inserts_changes_and_deletions()
    {
        await table.ApplyAsync(
            _lease, Insert("a", 1), Insert("b", 1), Modify("a", 1, 2, "2.25"), Insert("c", 1), Remove("c", 1),
            table.Record(null, MappedTable.Item("x", 1, kind: "refund")));
        await table.ApplyAsync(_lease, Modify("b", 1, 2, "0.10"), Remove("a", 2));

        (await table.RowsAsync()).ShouldBe("m-1/b v2 0.10");
        (await table.ScalarAsync<string>("SELECT string_agg(id || version, ' ' ORDER BY id) FROM payments_tombstones")).ShouldBe("a2 c1");
        (await table.ScalarAsync<bool>("SELECT paid_at = '2026-11-30T04:30:00Z' AND note IS NULL FROM payments")).ShouldBeTrue();
        (await table.ScalarAsync<long>($"SELECT records FROM payments_consumer.shards WHERE shard_id = '{_lease.ShardId}'")).ShouldBe(8);
    }

    [Fact]
    public async Task A_batch_is_one_round_trip_however_large_it_is()
    {
        using var statements = new StatementCounter(table.Name);
        StreamRecord[] records = [.. Enumerable.Range(0, 2_000).Select(i => Insert($"p-{i}", 1)), .. Enumerable.Range(0, 1_000).Select(i => Remove($"p-{i}", 1))];

        await table.ApplyAsync(_lease, records);

        statements.Count("").ShouldBe(1);
        (await table.ScalarAsync<int>("SELECT count(*) FROM payments")).ShouldBe(1_000);
    }

    [Fact]
    public async Task What_is_read_again_changes_nothing_and_brings_nothing_back()
    {
        StreamRecord[] records = [Insert("a", 1), Modify("a", 1, 2, "2.25"), Insert("b", 1), Remove("b", 1)];
        await table.ApplyAsync(_lease, records);
        foreach (var record in records)
        {
            await table.ApplyAsync(await table.LeaseAsync(), record);
        }

        (await table.RowsAsync()).ShouldBe("m-1/a v2 2.25");
    }

    [Fact]
    public async Task An_item_that_is_put_again_after_its_deletion_is_there_whatever_its_version()
    {
        await table.ApplyAsync(_lease, Insert("a", 7), Remove("a", 7));
        await table.ApplyAsync(_lease, Insert("a", 1, "3.00"));

        (await table.RowsAsync()).ShouldBe("m-1/a v1 3.00");
        (await table.ScalarAsync<int>("SELECT count(*) FROM payments_tombstones")).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_without_a_place_gives_way_to_a_version_that_is_not_lower()
    {
        await table.ExecuteAsync("INSERT INTO payments (merchant, id, version, amount, paid_at) VALUES ('m-1', 'a', 5, 5, now()), ('m-1', 'b', 5, 5, now()), ('m-1', 'c', 5, 5, now())");

        await table.ApplyAsync(_lease, Modify("a", 3, 4, "4.00"), Modify("b", 5, 6, "6.00"), Remove("c", 4));
        (await table.RowsAsync()).ShouldBe("m-1/a v5 5, m-1/b v6 6.00, m-1/c v5 5");

        await table.ApplyAsync(_lease, Remove("c", 5));
        (await table.RowsAsync()).ShouldBe("m-1/a v5 5, m-1/b v6 6.00");
    }

    [Fact]
    public async Task An_item_that_becomes_another_kind_or_gets_another_key_leaves_no_row()
    {
        await table.ApplyAsync(_lease, Insert("a", 1), Insert("b", 1));
        await table.ApplyAsync(
            _lease,
            table.Record(MappedTable.Item("a", 1), MappedTable.Item("a", 2, kind: "refund")),
            table.Record(MappedTable.Item("b", 1), MappedTable.Item("b", 2, merchant: "m-2")));

        (await table.RowsAsync()).ShouldBe("m-2/b v2 1.50");
    }

    [Theory]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"S":"m"},"version":{"N":"1"},"paidAt":{"S":"2026-11-30T10:00:00Z"}}""", "amount")]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"S":"m"},"version":{"N":"1.5"},"amount":{"N":"1"},"paidAt":{"S":"2026-11-30T10:00:00Z"}}""", "version")]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"NULL":true},"version":{"N":"1"},"amount":{"N":"1"},"paidAt":{"S":"2026-11-30T10:00:00Z"}}""", "merchant")]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"S":"m"},"version":{"N":"1"},"amount":{"N":"1.23456789012345678901234567891"},"paidAt":{"S":"2026-11-30T10:00:00Z"}}""", "digits")]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"X":"m"}}""", "type X")]
    [InlineData("""{"pk":{"S":"bad"},"kind":{"S":"payment"},"merchant":{"S":"a\u0000b"},"version":{"N":"1"},"amount":{"N":"1"},"paidAt":{"S":"2026-11-30T10:00:00Z"}}""", "22021")]
    public async Task An_item_that_is_not_as_declared_is_set_aside_with_the_reason_and_stops_nothing(string item, string reason)
    {
        await table.ApplyAsync(_lease, Insert("a", 1), table.Record(null, item), Insert("b", 1));

        (await table.RowsAsync()).ShouldBe("m-1/a v1 1.50, m-1/b v1 1.50");
        (await table.ScalarAsync<string>("SELECT error FROM payments_consumer.dead_letters WHERE item_key = 'arn/pk=bad'")).ShouldContain(reason);
    }

    [Fact]
    public async Task Behind_a_dead_letter_its_item_waits_and_a_redrive_applies_all_of_it_in_order()
    {
        await table.ExecuteAsync("ALTER TABLE payments ADD CONSTRAINT no_b CHECK (id <> 'b') NOT VALID");
        await table.ApplyAsync(_lease, Insert("a", 1), Insert("b", 1));
        await table.ApplyAsync(_lease, Modify("a", 1, 2, "2.00"), Modify("b", 1, 2, "2.00"));
        await table.ApplyAsync(_lease, Modify("b", 2, 3, "3.00"));
        (await table.RowsAsync()).ShouldBe("m-1/a v2 2.00");
        (await table.ScalarAsync<int>("SELECT count(*) FROM payments_consumer.dead_letters")).ShouldBe(3);

        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((0, 1));
        (await table.ScalarAsync<string>("SELECT string_agg(attempts::text, ' ' ORDER BY dead_letter_id) FROM payments_consumer.dead_letters")).ShouldBe("2 0 0");

        await table.ExecuteAsync("ALTER TABLE payments DROP CONSTRAINT no_b");
        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((3, 0));
        (await table.RowsAsync()).ShouldBe("m-1/a v2 2.00, m-1/b v3 3.00");

        // Free again.
        await table.ApplyAsync(_lease, Remove("b", 3));
        (await table.RowsAsync()).ShouldBe("m-1/a v2 2.00");
    }

    [Fact]
    public async Task Two_tables_of_one_schema_have_dead_letters_of_their_own()
    {
        var other = MappedTable.PaymentsIn("refunds");
        await other.CreateAsync(table.Database);
        await table.ExecuteAsync("ALTER TABLE refunds DROP CONSTRAINT IF EXISTS small, ADD CONSTRAINT small CHECK (amount < 100)");
        var (handler, lease) = (other.Handler(table.Database, MappedTable.Schema), await table.LeaseAsync("arn:aws:dynamodb:eu-west-1:1:table/refunds/stream/2026"));
        await MappedTable.ApplyAsync(handler, lease, Insert("a", 1, "500"));

        // An item of the same key in the other table does not wait for it.
        await table.ApplyAsync(_lease, Insert("a", 1));
        (await table.RowsAsync()).ShouldBe("m-1/a v1 1.50");
        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((0, 0));
        (await handler.RedriveAsync("refunds", CancellationToken.None)).ShouldBe((0, 1));

        await table.ExecuteAsync("ALTER TABLE refunds DROP CONSTRAINT small");
        (await handler.RedriveAsync("refunds", CancellationToken.None)).ShouldBe((1, 0));
        (await table.ScalarAsync<string>("SELECT string_agg(id || amount, ' ') FROM refunds")).ShouldBe("a500");
    }

    [Fact]
    public async Task Letters_that_came_again_in_another_order_end_in_the_newest_state()
    {
        await table.ExecuteAsync("ALTER TABLE payments ADD CONSTRAINT no_13 CHECK (amount <> 13) NOT VALID");
        StreamRecord[] records = [Insert("a", 1), Modify("a", 1, 2, "13"), Modify("a", 2, 3, "30")];
        await table.ApplyAsync(_lease, records[0]);
        await table.ApplyAsync(_lease, records[1]);
        await table.ApplyAsync(_lease, records[2]);
        await table.ApplyAsync(_lease, records[0]);
        await table.ExecuteAsync("ALTER TABLE payments DROP CONSTRAINT no_13");

        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((3, 0));

        (await table.RowsAsync()).ShouldBe("m-1/a v3 30");
    }

    [Fact]
    public async Task An_item_that_could_not_be_read_is_free_again_when_it_is_mended_or_deleted_in_the_table()
    {
        string Bad(string id) => $$$"""{"pk":{"S":"{{{id}}}"},"kind":{"S":"payment"},"merchant":{"S":"m-1"},"version":{"N":"1"}}""";
        await table.ApplyAsync(_lease, table.Record(null, Bad("a")), table.Record(null, Bad("b")), table.Record(null, Bad("c")));
        await table.ApplyAsync(_lease, table.Record(Bad("a"), MappedTable.Item("a", 2)), table.Record(Bad("b"), null));
        (await table.RowsAsync()).ShouldBeEmpty();

        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((4, 1));

        (await table.RowsAsync()).ShouldBe("m-1/a v2 1.50");
        (await table.ScalarAsync<string>("SELECT item_key FROM payments_consumer.dead_letters")).ShouldBe("arn/pk=c");
    }

    [Fact]
    public async Task An_item_from_before_a_member_was_declared_is_written_by_its_next_change()
    {
        await table.ApplyAsync(_lease, table.Record("""{"pk":{"S":"a"},"kind":{"S":"payment"},"merchant":{"S":"m-1"}}""", MappedTable.Item("a", 2)));

        (await table.RowsAsync()).ShouldBe("m-1/a v2 1.50");
    }

    [Fact]
    public async Task A_record_that_cannot_be_decoded_is_not_struck_out_by_a_redrive()
    {
        var record = StreamRecord.Parse("""{"eventID":"e","eventName":"MODIFY","dynamodb":{"Keys":{"pk":{"S":"a"}},"SequenceNumber":"900","NewImage":["oops"]}}"""u8.ToArray());
        record.Undecodable.ShouldNotBeNull();
        await table.Handler.SetAsideAsync(new(_lease, [record], EndsShard: false), new FormatException("oops"), CancellationToken.None);

        (await table.Handler.RedriveAsync("arn", CancellationToken.None)).ShouldBe((0, 1));

        (await table.ScalarAsync<int>("SELECT count(*) FROM payments_consumer.dead_letters")).ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_only_spelt_otherwise_keeps_its_row()
    {
        await table.ExecuteAsync("DROP TABLE IF EXISTS visits, visits_tombstones");
        var visits = PostgresTable.Map<Visit>().ToTable("visits").Key(v => v.At).Version(v => v.Version);
        await visits.CreateAsync(table.Database);
        static string At(string time, int version) => $$$"""{"pk":{"S":"a"},"at":{"S":"{{{time}}}"},"version":{"N":"{{{version}}}"}}""";

        await MappedTable.ApplyAsync(
            visits.Handler(table.Database, MappedTable.Schema), _lease,
            table.Record(null, At("2026-01-01T00:00:00Z", 1)), table.Record(At("2026-01-01T00:00:00Z", 1), At("2026-01-01T01:00:00+01:00", 2)));

        (await table.ScalarAsync<string>("SELECT count(*) || ' v' || max(version) FROM visits")).ShouldBe("1 v2");
    }

    [Fact]
    public async Task An_owner_that_lost_its_lease_commits_nothing()
    {
        await table.ExecuteAsync($"UPDATE payments_consumer.shards SET fencing_token = fencing_token + 1 WHERE shard_id = '{_lease.ShardId}'");

        await Should.ThrowAsync<LeaseLostException>(() => table.ApplyAsync(_lease, Insert("a", 1)));
        await Should.ThrowAsync<LeaseLostException>(() => table.ApplyAsync(_lease, table.Record(null, """{"pk":{"S":"bad"},"kind":{"S":"payment"}}""")));

        (await table.RowsAsync()).ShouldBeEmpty();
        (await table.ScalarAsync<int>("SELECT count(*) FROM payments_consumer.dead_letters")).ShouldBe(0);
    }

    private StreamRecord Insert(string id, long version, string amount = "1.50") => table.Record(null, MappedTable.Item(id, version, amount));

    private StreamRecord Modify(string id, long before, long after, string amount) => table.Record(MappedTable.Item(id, before), MappedTable.Item(id, after, amount));

    private StreamRecord Remove(string id, long version) => table.Record(MappedTable.Item(id, version), null);

    private sealed record Visit(DateTimeOffset At, long Version);
}

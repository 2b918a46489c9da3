using Orders.Tests.Engines;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>Every kind of change of a SQL table is in its log, in order, each once.</summary>
public sealed class StreamedChangesTests(TestEngines engines)
{
    private const string Merchants = "CREATE TABLE merchants (id text PRIMARY KEY, name text, fee numeric(6,3), note text); INSERT INTO merchants VALUES ('m1', 'one', 1.5, NULL), ('m2', 'two', 0.125, '')";

    [Fact]
    public async Task Rows_are_found_and_then_every_kind_of_change_follows()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.StreamsAsync();

        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m3', 'three', 2, 'n')");
        await lab.ExecuteAsync("UPDATE merchants SET fee = 1.75 WHERE id = 'm1'");
        await lab.ExecuteAsync("UPDATE merchants SET id = 'm9' WHERE id = 'm3'");
        await lab.ExecuteAsync("DELETE FROM merchants WHERE id = 'm2'");
        await lab.ExecuteAsync("TRUNCATE merchants");
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m1', 'again', NULL, NULL)");
        await lab.CaughtUpAsync();

        lab.Changes("merchants").ShouldBe(
        [
            """found ["m1"]""", """found ["m2"]""", """insert ["m3"]""", """update ["m1"]""", """delete ["m3"]""", """insert ["m9"]""", """delete ["m2"]""", "truncate ", """insert ["m1"]""",
        ]);
        (await lab.ScalarAsync<string>("SELECT relreplident::text FROM pg_class WHERE oid = 'merchants'::regclass")).ShouldBe("f");
        var rows = lab.Log("merchants", "name, fee, note, _row, typeof(fee), _lsn, _ordinal, _xid, _committed_at::VARCHAR");
        rows[3][..5].ShouldBe(["one", "1.750", "", """{"id":"m1","name":"one","fee":"1.750","note":null}""", "DECIMAL(6,3)"]);
        rows[6][..4].ShouldBe(["two", "0.125", "", """{"id":"m2","name":"two","fee":"0.125","note":""}"""]);
        rows.Select(row => $"{row[5]} {row[6]}").Distinct().Count().ShouldBe(rows.Count);
        rows.Skip(2).ShouldAllBe(row => row[7] != "" && row[8] != "");
    }

    [Fact]
    public async Task The_table_of_the_demonstration_is_made_in_Development_and_read()
    {
        await using var lab = await TablesLab.CreateAsync(engines, "SELECT 1");
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.StreamsAsync();

        lab.Log("merchants", "count(*), min(id), max(id), count(created_at)", "").Single().ShouldBe(["20", "merchant-101", "merchant-120", "20"]);
    }

    [Fact]
    public async Task With_only_the_key_in_the_log_large_values_and_deleted_rows_are_whole_all_the_same()
    {
        await using var lab = await TablesLab.CreateAsync(engines, "CREATE TABLE docs (id int PRIMARY KEY, title text, body text); ALTER TABLE docs ALTER body SET STORAGE EXTERNAL");
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "docs");
        await lab.StreamsAsync();
        await lab.ExecuteAsync("ALTER TABLE docs REPLICA IDENTITY DEFAULT; INSERT INTO docs SELECT n, 'a', repeat('x', 9000) || n FROM generate_series(1, 4) AS n");
        await lab.CaughtUpAsync();

        // The first is in the lake by then, the second is changed within one range.
        await lab.ExecuteAsync("UPDATE docs SET title = 'b' WHERE id = 1; UPDATE docs SET body = repeat('y', 9000) WHERE id = 2; UPDATE docs SET title = 'c' WHERE id = 2; UPDATE docs SET id = 30 WHERE id = 3; DELETE FROM docs WHERE id = 4");
        await lab.CaughtUpAsync();

        lab.Log("docs", "_change || ' ' || id, title, left(body, 1) || length(body)", "WHERE _change <> 'insert' OR id = 30 ORDER BY _lsn, _ordinal").Select(row => string.Join(' ', row)).ShouldBe(
            ["update 1 b x9001", "update 2 a y9000", "update 2 c y9000", "delete 3 a x9001", "insert 30 a x9001", "delete 4 a x9001"]);
        lab.Log("docs", "count(*)", "WHERE NOT _row LIKE '%body%' OR body IS NULL").Single().ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_value_that_nobody_knows_is_left_out_and_a_snapshot_brings_it()
    {
        await using var lab = await TablesLab.CreateAsync(engines, "CREATE TABLE docs (id int PRIMARY KEY, title text, body text); ALTER TABLE docs ALTER body SET STORAGE EXTERNAL; INSERT INTO docs VALUES (1, 'a', repeat('x', 9000))");
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "docs");
        await lab.StreamsAsync();

        await lab.ExecuteAsync("UPDATE warehouse.files SET state = 'superseded'; ALTER TABLE docs REPLICA IDENTITY DEFAULT; UPDATE docs SET title = 'b'");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Log("docs", "1", "WHERE _change = 'found' AND title = 'b' AND length(body) = 9000").Count == 1));

        lab.Log("docs", "_row", "WHERE _change = 'update'").Single().ShouldBe(["""{"id":"1","title":"b"}"""]);
    }

    [Fact]
    public async Task A_transaction_that_is_larger_than_a_file_is_in_several()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants", fileRows: 10);
        await lab.StreamsAsync();

        await lab.ExecuteAsync("INSERT INTO merchants SELECT 'n' || n, 'n', n, NULL FROM generate_series(1, 105) AS n");
        await lab.CaughtUpAsync();

        lab.Log("merchants", "count(*), count(DISTINCT _key), count(DISTINCT filename) > 3", "WHERE _change = 'insert'").Single().ShouldBe(["105", "105", "True"]);
    }

    [Fact]
    public async Task A_table_that_is_added_gets_a_snapshot_and_one_that_is_taken_out_is_not_read_any_more()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants + "; CREATE SCHEMA other; CREATE TABLE other.plans (code int, region text, price money, PRIMARY KEY (region, code)); INSERT INTO other.plans VALUES (1, 'eu', 5)");
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants"))
        {
            await lab.StreamsAsync();
        }

        await lab.ExecuteAsync("INSERT INTO other.plans VALUES (2, 'eu', 6); DELETE FROM merchants WHERE id = 'm1'");
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "other.plans,merchants"))
        {
            await lab.StreamsAsync();
            await lab.ExecuteAsync("UPDATE other.plans SET price = 7 WHERE code = 1");
            await lab.CaughtUpAsync();
        }

        lab.Changes("plans").ShouldBe(["""found ["eu","1"]""", """found ["eu","2"]""", """update ["eu","1"]"""]);
        lab.Log("plans", "price")[2].ShouldBe(["$7.00"]);
        lab.Changes("merchants").ShouldBe(["""found ["m1"]""", """found ["m2"]""", """delete ["m1"]"""]);

        await lab.ExecuteAsync("DELETE FROM merchants");
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "other.plans"))
        {
            await lab.StreamsAsync();
            await lab.ExecuteAsync("UPDATE other.plans SET price = 8 WHERE code = 1");
            await lab.CaughtUpAsync();
            (await lab.ScalarAsync<string>("SELECT string_agg(tablename, ',') FROM pg_publication_tables")).ShouldBe("plans");
        }

        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, ""))
        {
            await Eventually.HoldsAsync(() => lab.ScalarAsync<bool>(
                "SELECT NOT EXISTS (SELECT FROM pg_replication_slots WHERE database = current_database()) AND NOT EXISTS (SELECT FROM pg_publication) AND NOT EXISTS (SELECT FROM warehouse.slots)"));
        }
    }

    [Fact]
    public async Task What_changes_between_the_publication_and_the_snapshot_is_in_the_snapshot_alone()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants + "; CREATE TABLE plans (id int PRIMARY KEY, name text); INSERT INTO plans VALUES (1, 'a'), (2, 'b')");
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants"))
        {
            await lab.StreamsAsync();
        }

        // The slot of the first table goes on, and its stream has these changes, too.
        await using var instance = await TablesInstance.StartAsync(
            lab.Postgres, lab.Lake, "merchants,plans",
            step => step == TableStep.Published ? lab.ExecuteAsync("UPDATE plans SET name = 'c' WHERE id = 1; DELETE FROM plans WHERE id = 2; INSERT INTO plans VALUES (3, 'd')") : Task.CompletedTask);
        await lab.StreamsAsync();
        await lab.ExecuteAsync("UPDATE plans SET name = 'e' WHERE id = 3");
        await lab.CaughtUpAsync();

        lab.Log("plans", "_change, id, name").Select(row => string.Join(' ', row)).Order().ShouldBe(["found 1 c", "found 3 d", "update 3 e"]);
    }

    [Fact]
    public async Task Names_of_columns_may_be_anything_and_a_table_may_have_partitions_and_generated_columns()
    {
        await using var lab = await TablesLab.CreateAsync(
            engines,
            """
            CREATE TABLE odd ("Id x" int PRIMARY KEY, "day" date, "_row" text, "A" text, "a" text, "q""uote" text);
            INSERT INTO odd VALUES (1, '2026-01-02', 'r', 'A', 'a', 'q');
            CREATE TABLE parts (id int, region text, twice int GENERATED ALWAYS AS (id * 2) STORED, PRIMARY KEY (region, id)) PARTITION BY LIST (region);
            CREATE TABLE parts_eu PARTITION OF parts FOR VALUES IN ('eu'); CREATE TABLE parts_us PARTITION OF parts FOR VALUES IN ('us');
            INSERT INTO parts (id, region) VALUES (1, 'eu'), (2, 'us')
            """);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "odd,parts");
        await lab.StreamsAsync();
        await lab.ExecuteAsync("UPDATE odd SET a = 'b'; INSERT INTO parts (id, region) VALUES (3, 'us'); UPDATE parts SET region = 'us' WHERE id = 1; DELETE FROM parts WHERE id = 2");
        await lab.CaughtUpAsync();

        lab.Log("odd", "\"Id x\", day_::VARCHAR, \"_row_\", \"A\", a_, \"q\"\"uote\", _row->>'$.a'").Select(row => string.Join(' ', row)).ShouldBe(["1 2026-01-02 r A a q a", "1 2026-01-02 r A b q b"]);
        var isStored = await lab.ScalarAsync<bool>("SELECT current_setting('server_version_num')::int >= 180000");
        lab.Log("parts", "_change, _key, _row->>'$.twice'").Select(row => $"{row[0]} {row[1]}{(isStored ? $" {row[2]}" : "")}").ShouldBe(
            isStored
                ? ["""found ["eu","1"] 2""", """found ["us","2"] 4""", """insert ["us","3"] 6""", """delete ["eu","1"] 2""", """insert ["us","1"] 2""", """delete ["us","2"] 4"""]
                : ["""found ["eu","1"]""", """found ["us","2"]""", """insert ["us","3"]""", """delete ["eu","1"]""", """insert ["us","1"]""", """delete ["us","2"]"""]);
    }
}

using Orders.Tests.Engines;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>A table may be altered, dropped and made again while it is read.</summary>
public sealed class AlteredTablesTests(TestEngines engines)
{
    private const string Merchants = "CREATE TABLE merchants (id text PRIMARY KEY, name text); INSERT INTO merchants VALUES ('m1', 'one'), ('m2', 'two')";

    [Fact]
    public async Task Columns_come_and_go_and_no_change_in_between_is_lost()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.StreamsAsync();

        // In one range: each statement is a transaction.
        await lab.ExecuteAsync("ALTER TABLE merchants ADD plan text");
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m3', 'three', 'pro')");
        await lab.ExecuteAsync("ALTER TABLE merchants DROP name");
        await lab.ExecuteAsync("INSERT INTO merchants VALUES ('m4', 'basic')");
        await lab.CaughtUpAsync();
        lab.Log("merchants", "_key, coalesce(name, '-'), coalesce(plan, '-'), _row", "WHERE _change = 'insert' ORDER BY _lsn").Select(row => string.Join(' ', row)).ShouldBe(
            ["""["m3"] three pro {"id":"m3","name":"three","plan":"pro"}""", """["m4"] - basic {"id":"m4","plan":"basic"}"""]);
        lab.Log("merchants", "count(*)", "WHERE _change = 'found'").Single().ShouldBe(["2"]);

        // These change rows, and the stream does not say so.
        await lab.ExecuteAsync("ALTER TABLE merchants ADD score int DEFAULT 5");
        await lab.ExecuteAsync("UPDATE merchants SET score = 6 WHERE id = 'm1'");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Log("merchants", "1", "WHERE _change = 'found' AND json_extract_string(_row, '$.score') = '5'").Count >= 3));
        await lab.CaughtUpAsync();
        lab.Log("merchants", "score", "WHERE _change = 'update'").Single().ShouldBe(["6"]);

        await lab.ExecuteAsync("ALTER TABLE merchants ALTER score TYPE numeric(6,2) USING score * 1.5");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Log("merchants", "1", "WHERE _change = 'found' AND json_extract_string(_row, '$.score') IN ('7.50', '9.00')").Count == 4));
        await lab.ExecuteAsync("ALTER TABLE merchants RENAME plan TO tariff");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Log("merchants", "1", "WHERE _change = 'found' AND json_extract_string(_row, '$.tariff') IS NOT NULL").Count == 2));
        await lab.StreamsAsync();
        (await lab.ScalarAsync<long>("SELECT count(*) FROM warehouse.sql_table_schemas WHERE log = 'merchants_changes'")).ShouldBeGreaterThanOrEqualTo(5);
        lab.Log("merchants", "count(*), count(DISTINCT (_lsn, _ordinal))", "").Single().ShouldSatisfyAllConditions(counts => counts[0].ShouldBe(counts[1]));
    }

    [Fact]
    public async Task A_table_that_is_dropped_is_told_the_others_go_on_and_when_it_is_made_again_its_rows_are_compared()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants + "; CREATE TABLE plans (id int PRIMARY KEY)");
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants,plans");
        await lab.StreamsAsync();

        await lab.ExecuteAsync("DROP TABLE merchants");
        await Eventually.HoldsAsync(() => lab.ScalarAsync<bool>("SELECT coalesce(bool_or(reason LIKE 'public.merchants does not exist: it was dropped or renamed%'), false) FROM warehouse.sql_tables WHERE name = 'public.merchants'"));
        await lab.ExecuteAsync("INSERT INTO plans VALUES (1)");
        await lab.CaughtUpAsync();
        lab.Changes("plans").ShouldBe(["""insert ["1"]"""]);
        (await instance.HealthAsync()).Description.ShouldStartWith("public.merchants does not exist");

        await lab.ExecuteAsync("CREATE TABLE merchants (id text PRIMARY KEY, name text); INSERT INTO merchants VALUES ('m2', 'two'), ('m3', 'three')");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Changes("merchants").Count == 4));
        await lab.StreamsAsync();
        await lab.ExecuteAsync("DELETE FROM merchants WHERE id = 'm2'");
        await lab.CaughtUpAsync();
        lab.Changes("merchants").Order().ShouldBe(["""delete ["m2"]""", """found ["m1"]""", """found ["m2"]""", """found ["m3"]""", """vanished ["m1"]"""]);
    }

    [Fact]
    public async Task A_table_without_a_key_is_refused_and_the_others_go_on()
    {
        await using var lab = await TablesLab.CreateAsync(
            engines, Merchants + "; CREATE TABLE keyless (id int); CREATE UNLOGGED TABLE unlogged (id int PRIMARY KEY); CREATE VIEW seen AS SELECT 1 AS id; CREATE TABLE orders (id int PRIMARY KEY)");
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "keyless,unlogged,seen,nowhere,orders,merchants");
        await lab.StreamsAsync();

        // Were it published, this would fail: an update of it needs a key.
        await lab.ExecuteAsync("INSERT INTO keyless VALUES (1); UPDATE keyless SET id = 2; DELETE FROM merchants WHERE id = 'm1'");
        await lab.CaughtUpAsync();

        lab.Changes("merchants").Count.ShouldBe(3);
        var status = (await instance.Status.ReadAsync(CancellationToken.None))!;
        status.Tables.ToDictionary(table => table.Name, table => table.Reason ?? "").ShouldSatisfyAllConditions(
            reasons => reasons["public.keyless"].ShouldStartWith("public.keyless has no primary key, so a change cannot say which row it is of: ALTER TABLE \"public\".\"keyless\" ADD PRIMARY KEY"),
            reasons => reasons["public.unlogged"].ShouldContain("is unlogged or temporary"),
            reasons => reasons["public.seen"].ShouldContain("is no table (relkind v)"),
            reasons => reasons["public.nowhere"].ShouldContain("does not exist"),
            reasons => reasons["public.orders"].ShouldContain("The log orders_changes is the stream's"),
            reasons => reasons["public.merchants"].ShouldBeEmpty());

        await lab.ExecuteAsync("ALTER TABLE keyless ADD PRIMARY KEY (id)");
        await Eventually.HoldsAsync(() => Task.FromResult(lab.Changes("keyless").Count == 1));
    }

    [Theory]
    [InlineData("1 25 -1 f id", "1 25 -1 f id", false)]
    [InlineData("1 25 -1 f id\n2 25 -1 f name", "1 25 -1 f id", false)]
    [InlineData("1 25 -1 f id", "1 25 -1 f id\n2 25 -1 f a b", false)]
    [InlineData("1 25 -1 f id", "1 25 -1 f id\n2 25 -1 t a b", true)]
    [InlineData("1 25 -1 f id", "1 25 -1 f key", true)]
    [InlineData("1 1700 655366 f id", "1 1700 655368 f id", true)]
    public void Only_what_changes_rows_needs_a_snapshot(string before, string now, bool changes) => Attributes.ChangesRows(before, now).ShouldBe(changes);
}

using DuckDB.NET.Data;
using Orders.Tests.Engines;
using Orders.Warehouse.Redshift;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>What is wrong with a file, or with a table in Redshift, keeps back nothing else.</summary>
public sealed class RedshiftBadFilesTests(TestEngines engines)
{
    private const string Tables = "CREATE TABLE merchants (id text PRIMARY KEY, score int); INSERT INTO merchants VALUES ('m1', 1); CREATE TABLE plans (id int PRIMARY KEY); INSERT INTO plans VALUES (1)";

    [Fact]
    public async Task A_file_that_is_cut_off_is_set_aside_after_three_tries_and_the_rest_is_loaded()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants,plans");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m2', 2)");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m3', 3)");
        var bad = Files(tables)[1];
        var whole = await File.ReadAllBytesAsync(bad);
        await File.WriteAllBytesAsync(bad, whole[..^20]);

        for (var tries = 1; tries <= 3; tries++)
        {
            var load = await tables.Redshift.LoadAsync();
            (load.Failed.Count, load.SetAside, load.IsComplete).ShouldBe((1, tries / 3, false));
        }

        (await tables.Redshift.LoadAsync()).Failed.ShouldBeEmpty();
        (await tables.Redshift.QueryAsync("SELECT id FROM lake.merchants_current ORDER BY id")).ShouldBe(["m1", "m3"]);
        await tables.IsTheTableAsync("plans", "id");

        await File.WriteAllBytesAsync(bad, whole);
        await tables.Redshift.ExecuteAsync("DELETE FROM lake.failed_files");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", "id, score");
    }

    [Fact]
    public async Task A_file_whose_values_Redshift_refuses_is_found_and_set_aside_after_three_tries()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants,plans");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m2', 2)");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m3', 3)");
        var bad = Files(tables)[1];
        var whole = await File.ReadAllBytesAsync(bad);
        Rewrite(bad, """replace(_row, '"score":"2"', '"score":"two"')""");

        for (var tries = 1; tries <= 3; tries++)
        {
            var load = await tables.Redshift.LoadAsync();
            (load.Failed.Count, load.SetAside, load.IsComplete).ShouldBe((1, tries / 3, false));
            bad.ShouldEndWith(load.Failed[0].Path[^20..]);
        }

        (await tables.Redshift.QueryAsync("SELECT id FROM lake.merchants_current ORDER BY id")).ShouldBe(["m1", "m3"]);
        (await tables.Redshift.QueryAsync("SELECT tries::text, (reason LIKE '%two%')::text FROM lake.failed_files")).ShouldBe(["3 true"]);
        await tables.IsTheTableAsync("plans", "id");

        await File.WriteAllBytesAsync(bad, whole);
        await tables.Redshift.ExecuteAsync("DELETE FROM lake.failed_files");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", "id, score");
    }

    [Fact]
    public async Task When_Redshift_refuses_every_file_none_is_set_aside()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m2', 2)");
        await tables.Redshift.LoadAsync();
        await tables.Redshift.ExecuteAsync("CREATE FUNCTION lake.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''access denied''; END'; CREATE TRIGGER no BEFORE INSERT ON lake.merchants_changes FOR EACH ROW EXECUTE FUNCTION lake.refuse()");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m3', 3)");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m4', 4)");

        for (var tries = 1; tries <= 4; tries++)
        {
            var load = await tables.Redshift.LoadAsync();
            (load.Loaded, load.SetAside, load.Problem).ShouldBe((0, 0, "merchants_changes: access denied"));
        }

        await tables.Redshift.ExecuteAsync("DROP TRIGGER no ON lake.merchants_changes");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", "id, score");
    }

    [Fact]
    public async Task What_keeps_back_one_table_is_told_and_the_others_are_loaded()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants,plans");
        await tables.Redshift.LoadAsync();
        await tables.Redshift.ExecuteAsync("CREATE VIEW lake.mine AS SELECT id FROM lake.merchants_history");
        await tables.AlterAsync("ALTER TABLE merchants ADD more int DEFAULT 7", """_row LIKE '%"more":"7"%'""");
        await tables.ChangeAsync("INSERT INTO plans VALUES (2)");

        var load = await tables.Redshift.LoadAsync();
        await tables.Redshift.Notes.DoneAsync(load, default);

        load.Problem.ShouldBe("merchants_changes: cannot drop view lake.merchants_history because other objects depend on it");
        await tables.IsTheTableAsync("plans", "id");
        var status = (await tables.Redshift.Notes.StatusAsync(default))!;
        (status.SecondsSinceComplete, status.Problem).ShouldBe((null, load.Problem));
        status.Logs.Select(log => (log.Log, log.SetAside, log.Problem)).ShouldBe([("merchants_changes", 0, load.Problem!["merchants_changes: ".Length..]), ("orders_changes", 0, null), ("plans_changes", 0, null)]);
        status.Logs[2].Files.ShouldBe(2);

        await tables.Redshift.ExecuteAsync("DROP VIEW lake.mine");
        await tables.Redshift.Notes.DoneAsync(await tables.Redshift.LoadAsync(), default);
        (await tables.Redshift.Notes.StatusAsync(default)).ShouldNotBeNull().ShouldSatisfyAllConditions(now => now.Problem.ShouldBeNull(), now => now.SecondsSinceComplete.ShouldNotBeNull());
        await tables.IsTheTableAsync("merchants", "id, score, more");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_takes_nothing_away_when_a_table_must_be_loaded_anew()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants");
        await tables.Redshift.LoadAsync();
        var bad = Files(tables)[0];
        await tables.ChangeAsync("ALTER TABLE merchants ALTER score TYPE text", "INSERT INTO merchants VALUES ('m2', 'two')");
        var whole = await File.ReadAllBytesAsync(bad);
        await File.WriteAllBytesAsync(bad, whole[..^20]);

        var load = await tables.Redshift.LoadAsync();
        (load.Loaded, load.Failed.Count, load.IsComplete).ShouldBe((0, 1, false));
        (await tables.Redshift.QueryAsync("SELECT id, pg_typeof(score)::text FROM lake.merchants_current")).ShouldBe(["m1 bigint"]);

        await File.WriteAllBytesAsync(bad, whole);
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        (await tables.Redshift.QueryAsync("SELECT id, score, pg_typeof(score)::text FROM lake.merchants_current ORDER BY id")).ShouldBe(["m1 1 character varying", "m2 two character varying"]);
    }

    [Fact]
    public async Task Compacted_files_are_passed_over_or_bring_what_is_missing()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Tables, "merchants");
        await tables.ChangeAsync("INSERT INTO merchants VALUES ('m2', 2)");
        await tables.Redshift.LoadAsync();
        await tables.CompactAsync("merchants");
        (await tables.Redshift.LoadAsync()).Loaded.ShouldBe(0);
        await tables.IsTheTableAsync("merchants", "id, score");

        await tables.ChangeAsync("DELETE FROM merchants WHERE id = 'm1'");
        await tables.CompactAsync("merchants");
        (await tables.Redshift.LoadAsync()).Loaded.ShouldBe(1);
        await tables.IsTheTableAsync("merchants", "id, score");
        (await tables.Redshift.QueryAsync("SELECT count(*)::text FROM lake.loaded_table_files")).ShouldBe(["1"]);
    }

    [Theory]
    [InlineData("Orders_changes")]
    [InlineData("order_items_changes")]
    public void A_table_does_not_take_the_tables_of_the_orders(string log) => new LoadedTable(log, []).Fault.ShouldNotBeNull().ShouldContain(log);

    private static string[] Files(RedshiftTablesLab tables) => [.. Directory.GetFiles(Path.Combine(tables.Lab.Lake, "merchants_changes"), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static void Rewrite(string file, string row)
    {
        using var duck = new DuckDBConnection("DataSource=:memory:");
        duck.Open();
        using var command = duck.CreateCommand();
        command.CommandText = $"CREATE TABLE t AS SELECT * REPLACE ({row} AS _row) FROM read_parquet('{file}', hive_partitioning = false); COPY t TO '{file}' (FORMAT parquet)";
        command.ExecuteNonQuery();
    }
}

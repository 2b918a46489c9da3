using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>
/// The logs of SQL tables in Redshift, on a real Postgres, which runs every statement of the loads but COPY:
/// each change is there once and each row as it is, whatever happens to the table.
/// </summary>
public sealed class RedshiftTablesTests(TestEngines engines)
{
    private const string Merchants = "CREATE TABLE merchants (id text PRIMARY KEY, name text, fee numeric(6,3)); INSERT INTO merchants VALUES ('m1', 'one', 1.5), ('m2', 'two', 0.125)";
    private const string Columns = "id, name, fee";

    [Fact]
    public async Task Every_kind_of_change_arrives_once_and_the_rows_of_now_are_the_tables()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Merchants, "merchants");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", Columns);

        await tables.ChangeAsync(
            "INSERT INTO merchants VALUES ('m3', 'three', 2), ('m4', 'a \"quoted\\'' name, ünïcode', 4)", "UPDATE merchants SET fee = 1.75 WHERE id = 'm1'", "UPDATE merchants SET id = 'm9' WHERE id = 'm3'",
            "DELETE FROM merchants WHERE id = 'm2'");
        (await tables.Redshift.LoadAsync()).Loaded.ShouldBeGreaterThan(0);
        await tables.IsTheTableAsync("merchants", Columns);
        (await tables.Redshift.LoadAsync()).Loaded.ShouldBe(0);

        (await tables.Redshift.QueryAsync("SELECT id, fee::text, is_current::text, (valid_to IS NULL)::text, (deleted_at IS NULL)::text FROM lake.merchants_history ORDER BY id, valid_from, fee")).ShouldBe(
        [
            "m1 1.500 false false true", "m1 1.750 true true true", "m2 0.125 false false false", "m3 2.000 false false false", "m4 4.000 true true true", "m9 2.000 true true true",
        ]);
        Directory.GetFiles(tables.Lab.Lake, "*", SearchOption.AllDirectories).ShouldNotContain(file => file.Contains("/redshift/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_truncate_takes_what_was_before_it_and_nothing_after_it()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Merchants, "merchants");
        await tables.Redshift.LoadAsync();

        await tables.ChangeAsync("UPDATE merchants SET fee = 3 WHERE id = 'm2'", "TRUNCATE merchants", "INSERT INTO merchants VALUES ('m1', 'again', NULL)");
        await tables.Redshift.LoadAsync();

        await tables.IsTheTableAsync("merchants", Columns);
        (await tables.Redshift.QueryAsync("SELECT id, name, is_current::text, (deleted_at IS NULL)::text FROM lake.merchants_history ORDER BY id, valid_from, fee"))
            .ShouldBe(["m1 one false false", "m1 again true true", "m2 two false true", "m2 two false false"]);

        await tables.ChangeAsync("TRUNCATE merchants");
        await tables.Redshift.LoadAsync();
        (await tables.Redshift.QueryAsync("SELECT id FROM lake.merchants_current")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_column_that_is_added_altered_renamed_or_dropped_is_followed_and_no_value_is_lost()
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Merchants, "merchants");
        await tables.Redshift.LoadAsync();
        await tables.Redshift.ExecuteAsync("DO $$ BEGIN CREATE ROLE redshift_analyst; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT SELECT ON lake.merchants_current TO redshift_analyst");

        await tables.AlterAsync("ALTER TABLE merchants ADD \"Score; -- DROP\" int DEFAULT 5", """_row LIKE '%"Score; -- DROP":"5"%'""");
        await tables.ChangeAsync("UPDATE merchants SET \"Score; -- DROP\" = 6 WHERE id = 'm1'");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", Columns);
        (await tables.Redshift.QueryAsync("SELECT id, \"score; -- drop\"::text, pg_typeof(\"score; -- drop\")::text FROM lake.merchants_current ORDER BY id")).ShouldBe(["m1 6 bigint", "m2 5 bigint"]);

        await tables.AlterAsync("ALTER TABLE merchants ALTER \"Score; -- DROP\" TYPE numeric(8,2) USING \"Score; -- DROP\" * 1.5", """_row LIKE '%"Score; -- DROP":"7.50"%'""");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        (await tables.Redshift.QueryAsync("SELECT id, \"score; -- drop\"::text, pg_typeof(\"score; -- drop\")::text FROM lake.merchants_current ORDER BY id")).ShouldBe(["m1 9.00 numeric", "m2 7.50 numeric"]);
        (await tables.Redshift.QueryAsync("SELECT \"score; -- drop\"::text FROM lake.merchants_changes WHERE _change = 'update'")).ShouldBe(["6.00"], "rows of before are there, too");
        (await tables.Redshift.QueryAsync("SELECT has_table_privilege('redshift_analyst', 'lake.merchants_current', 'SELECT')::text")).ShouldBe(["true"]);

        await tables.AlterAsync("ALTER TABLE merchants RENAME \"Score; -- DROP\" TO deleted_at", """_row LIKE '%"deleted_at":"7.50"%'""");
        await tables.ChangeAsync("ALTER TABLE merchants DROP name", "INSERT INTO merchants VALUES ('m3', 3, 3)");
        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();
        await tables.IsTheTableAsync("merchants", "id, fee");
        (await tables.Redshift.QueryAsync("SELECT id, deleted_at_::text FROM lake.merchants_history WHERE is_current ORDER BY id")).ShouldBe(["m1 9.00", "m2 7.50", "m3 3.00"]);
        (await tables.Redshift.LoadAsync()).Loaded.ShouldBe(0);
    }

    [Fact]
    public async Task No_value_loses_anything()
    {
        (string Type, string Sql, string Expected)[] all =
        [
            ("bool", "true", "true"), ("int8", "-9223372036854775808", "-9223372036854775808"), ("float4", "3.4028235e38", "3.4028235e+38"), ("float8", "5e-324", "5e-324"), ("float8", "'-Infinity'", "-Infinity"),
            ("numeric(38,10)", "1234567890123456789012345678.0123456789", "1234567890123456789012345678.0123456789"), ("numeric", "1e-40", "0.0000000000000000000000000000000000000001"),
            ("text", "E'tab\\t line\\n back\\\\ quote\" ünï \U0001F600'", "tab\t line\n back\\ quote\" ünï \U0001F600"), ("bytea", "'\\x00ff5c'", "00ff5c"),
            ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"), ("date", "'0044-03-15 BC'", "0044-03-15 BC"), ("date", "'infinity'", "-"),
            ("time", "'23:59:59.999999'", "23:59:59.999999"), ("timestamp", "'2026-11-30 23:59:59.999999'", "2026-11-30 23:59:59.999999"),
            ("timestamptz", "'2026-11-30 23:59:59.999999+05:30'", "2026-11-30 18:29:59.999999+00"), ("jsonb", "'{\"b\": 1.00, \"a\": [null]}'", "{\"a\": [null], \"b\": 1.00}"),
            ("numeric(6,2)[]", "ARRAY[1.5, NULL]", "[\"1.50\",null]"), ("text[]", "'{}'", "[]"), ("int4", "NULL", "-"), ("text", "repeat('é', 32768)", "-"),
        ];
        await using var tables = await RedshiftTablesLab.CreateAsync(
            engines, $"CREATE TABLE wide (id int PRIMARY KEY, {string.Join(", ", all.Select((column, at) => $"c{at} {column.Type}"))}); INSERT INTO wide VALUES (1, {string.Join(", ", all.Select(column => column.Sql))})", "wide");

        (await tables.Redshift.LoadAsync()).IsComplete.ShouldBeTrue();

        await tables.Redshift.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''UTC''', current_database()); END $$");
        for (var at = 0; at < all.Length; at++)
        {
            (await tables.Redshift.QueryAsync($"SELECT c{at}::text FROM lake.wide_current")).ShouldBe([all[at].Expected], all[at].Type);
        }
    }

    [Theory]
    [InlineData("ALTER TABLE merchants ADD score int DEFAULT 5", "\"score\":\"5\"", "drop column")]
    [InlineData("ALTER TABLE merchants ALTER fee TYPE text", "\"fee\":\"1.500\"", "")]
    public async Task A_load_that_is_killed_between_any_two_steps_is_done_by_the_next_one(string alter, string logged, string missing)
    {
        await using var tables = await RedshiftTablesLab.CreateAsync(engines, Merchants, "merchants");
        await tables.Lab.ExecuteAsync("CREATE TABLE first_files AS SELECT path FROM warehouse.files WHERE state = 'live'; CREATE TABLE first_schemas AS SELECT fingerprint FROM warehouse.sql_table_schemas");
        await tables.Lab.ExecuteAsync(alter);
        await tables.ChangeAsync("UPDATE merchants SET name = 'more' WHERE id = 'm1'", "DELETE FROM merchants WHERE id = 'm2'", "INSERT INTO merchants (id) SELECT 'n' || n FROM generate_series(1, 20) AS n");
        tables.Lab.Log("merchants", "1", $"WHERE _row LIKE '%{logged}%'").ShouldNotBeEmpty();
        await tables.StopAsync();
        await tables.Lab.ExecuteAsync("CREATE TABLE all_schemas AS SELECT * FROM warehouse.sql_table_schemas");
        var killed = new HashSet<string>(StringComparer.Ordinal);

        for (var (at, isDone) = (0, false); !isDone; at++)
        {
            // A Redshift that has the first files only.
            await tables.Redshift.ExecuteAsync("DROP SCHEMA IF EXISTS lake CASCADE");
            await tables.Lab.ExecuteAsync("UPDATE warehouse.files SET state = 'noted' WHERE path NOT IN (SELECT path FROM first_files); DELETE FROM warehouse.sql_table_schemas WHERE fingerprint NOT IN (SELECT fingerprint FROM first_schemas)");
            await tables.Redshift.LoadAsync();
            await tables.Lab.ExecuteAsync("UPDATE warehouse.files SET state = 'live'; INSERT INTO warehouse.sql_table_schemas SELECT * FROM all_schemas ON CONFLICT DO NOTHING");
            var left = at;
            try
            {
                await tables.Redshift.LoadAsync(step =>
                {
                    if (left-- == 0)
                    {
                        killed.Add(step);
                        throw new OperationCanceledException(step);
                    }
                });
                isDone = true;
            }
            catch (OperationCanceledException)
            {
                await tables.Redshift.LoadAsync();
            }

            await tables.IsTheTableAsync("merchants", Columns);
            (await tables.Redshift.QueryAsync("SELECT count(*)::text FROM lake.loaded_table_files")).ShouldBe([$"{await tables.Lab.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state = 'live'")}"]);
        }

        string[] steps =
        [
            "connect", "tables", "clear", "lock", "look", "table", "drop column", "add column", "insert lake.table_columns", "history", "read", "staging", "insert staged_files", "insert gone_files", "insert replaced_days",
            "write", "copy rows", "replace", "append", "newest", "merge", "ledger", "failures", "commit", "clear again",
        ];
        killed.ShouldBe(steps.Where(step => step != missing), ignoreOrder: true);
    }
}

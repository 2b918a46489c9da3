using System.Text.Json;
using Orders.Warehouse.Embedded;
using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Embedded;

public sealed class LockedQueriesTests : IDisposable
{
    private static readonly QueryBounds Bounds = new() { Time = TimeSpan.FromSeconds(60), MemoryMegabytes = 256 };

    private readonly ViewLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_list_may_have_NULLs_in_it()
    {
        var answer = await _lake.Queries.RunAsync("SELECT [1.5, NULL]::DECIMAL(30,10)[] AS a, [[1], [NULL, 2]] AS b, [DATE '2026-11-30', NULL] AS c, ['x', NULL] AS d, [true, NULL] AS e", Bounds, default);

        answer.Rows.Single().GetRawText().ShouldBe("""[[1.5,null],[[1],[null,2]],["2026-11-30",null],["x",null],[true,null]]""");
    }

    [Theory]
    [InlineData("DESCRIBE orders_current")]
    [InlineData("SUMMARIZE orders_current")]
    [InlineData("SHOW orders_current")]
    public async Task What_a_view_has_is_told(string sql) =>
        (await _lake.Queries.RunAsync(sql, Bounds, default)).Rows.Select(row => row[0].GetString()).ShouldContain("amount");

    [Fact]
    public async Task An_answer_has_its_columns_and_every_digit()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed", amount: "999999999999.12345678"));

        var answer = await _lake.Queries.RunAsync(
            """
            SELECT sum(amount) AS amount, max(version) AS version, 12345678901234567890123::HUGEINT AS large, min(placed_at) AS placed_at, NULL AS nothing, ['a'] AS list, {'b': 1.50} AS pair,
                   'nan'::DOUBLE AS no_number, DATE '2026-11-30' AS day, true AS truth
              FROM orders_current;
            """,
            Bounds, default);

        answer.Columns.Select(column => $"{column.Name} {column.Type}").Take(3).ShouldBe(["amount DECIMAL(38,8)", "version BIGINT", "large HUGEINT"]);
        answer.Rows.Single().GetRawText().ShouldBe(
            """[999999999999.12345678,1,12345678901234567890123,"2026-11-30T09:30:00Z",null,["a"],{"b":1.50},"NaN","2026-11-30",true]""");
        (await _lake.Queries.RunAsync("SHOW TABLES", Bounds, default)).Rows.Count.ShouldBeGreaterThan(4);
    }

    [Theory]
    [InlineData("SELECT 12345678901234567890123456789.123::DECIMAL(38,3)")]
    [InlineData("SELECT DATE '0044-03-15 (BC)'")]
    public async Task A_value_that_would_lose_something_is_not_answered(string sql)
    {
        var failure = await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql, Bounds, default));

        failure.Fault.ShouldBe(QueryFault.Sql);
        failure.Message.ShouldContain("CAST(… AS VARCHAR)");
    }

    [Theory]
    [InlineData("INSERT INTO orders_current SELECT * FROM orders_current")]
    [InlineData("CREATE TEMP TABLE t AS SELECT 1")]
    [InlineData("CREATE TEMP MACRO f() AS 1")]
    [InlineData("COPY (SELECT 1) TO '{lake}/orders_changes/x.csv'")]
    [InlineData("COPY (SELECT 1) TO '/tmp/x.csv'")]
    [InlineData("EXPORT DATABASE '{lake}/orders_changes/exported'")]
    [InlineData("ATTACH '{lake}/warehouse.duckdb' AS w")]
    [InlineData("ATTACH ':memory:' AS w")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("RESET lock_configuration")]
    [InlineData("PRAGMA database_list")]
    [InlineData("PRAGMA enable_profiling")]
    [InlineData("CALL enable_logging()")]
    [InlineData("CHECKPOINT")]
    [InlineData("PREPARE p AS SELECT 1")]
    [InlineData("EXECUTE p")]
    [InlineData("BEGIN")]
    [InlineData("EXPLAIN ANALYZE SELECT 1")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_blob('{lake}/warehouse.duckdb')")]
    [InlineData("SELECT (SELECT content FROM read_text('/etc/passwd'))")]
    [InlineData("WITH f AS (SELECT * FROM glob('/*')) SELECT 1")]
    [InlineData("SELECT * FROM system.main.\"read_text\"('/etc/passwd')")]
    [InlineData("SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')")]
    [InlineData("SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))")]
    [InlineData("SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '{lake}/orders_changes')")]
    [InlineData("SELECT * FROM duckdb_secrets()")]
    [InlineData("SELECT * FROM duckdb_settings()")]
    [InlineData("SELECT write_log('x')")]
    [InlineData("FROM '/etc/passwd.parquet'")]
    [InlineData("FROM '{lake}/orders_changes/../../x.parquet'")]
    [InlineData("FROM '{lake}/quarantine/x.parquet'")]
    [InlineData("FROM 'http://127.0.0.1:1/x.parquet'")]
    [InlineData("FROM 's3://bucket/x.parquet'")]
    public async Task What_writes_or_reaches_out_is_refused_in_words(string sql)
    {
        var failure = await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql.Replace("{lake}", _lake.Folder.Replace("'", "''", StringComparison.Ordinal), StringComparison.Ordinal), Bounds, default));

        failure.Fault.ShouldBe(QueryFault.Refused, failure.Message);
        failure.Message.ShouldNotContain(_lake.Folder);
        Directory.EnumerateFileSystemEntries(Path.Combine(_lake.Folder, "orders_changes")).Select(Path.GetFileName).ShouldBe(["day=1970-01-01"]);
    }

    [Theory]
    [InlineData("", "There are 0 statements")]
    [InlineData("SELEC 1", "syntax error")]
    [InlineData("SELECT * FROM nowhere", "nowhere does not exist")]
    [InlineData("SELECT 'x'::INTEGER", "Could not convert")]
    [InlineData("SELECT ?", "")]
    [InlineData("SELECT getenv('PATH')", "does not exist")]
    public async Task Wrong_SQL_is_answered_in_words(string sql, string words)
    {
        var failure = await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql, Bounds, default));

        failure.Fault.ShouldBe(QueryFault.Sql, failure.Message);
        failure.Message.ShouldContain(words);
        failure.Message.ShouldNotContain("DESCRIBE");
    }

    [Theory]
    [InlineData("WITH RECURSIVE r AS (SELECT 1 i UNION ALL SELECT i + 1 FROM r) SELECT count(*) FROM r")]
    [InlineData("SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.range + b.range = c.range * 3")]
    public async Task What_never_ends_is_stopped(string sql) =>
        (await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql, Bounds with { Time = TimeSpan.FromSeconds(1) }, default))).Fault.ShouldBe(QueryFault.Time);

    [Theory]
    [InlineData("SELECT len(range(1000000000))")]
    [InlineData("SELECT len(list(range)) FROM range(1000000000)")]
    [InlineData("SELECT length(string_agg(repeat('x', 1000000), '')) FROM range(3000)")]
    [InlineData("SELECT repeat('x', 1000000) FROM range(10000)")]
    public async Task What_takes_too_much_memory_is_stopped(string sql) =>
        (await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql, Bounds, default))).Fault.ShouldBe(QueryFault.Size);

    [Fact]
    public async Task Nesting_without_end_harms_nobody()
    {
        foreach (var sql in new[]
        {
            $"SELECT {new string('(', 20_000)}1{new string(')', 20_000)}",
            $"SELECT {string.Concat(Enumerable.Repeat("1+", 30_000))}1",
            $"SELECT * FROM {string.Concat(Enumerable.Repeat("(SELECT * FROM ", 3_000))}range(1){new string(')', 3_000)}",
            new string(' ', 100_000),
        })
        {
            (await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync(sql, Bounds, default))).Message.ShouldNotBeEmpty();
        }

        (await _lake.Queries.RunAsync("SELECT 1", Bounds, default)).Rows.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_rows_than_are_allowed_are_cut_off()
    {
        var answer = await _lake.Queries.RunAsync("FROM range(100)", Bounds with { Rows = 3 }, default);

        (answer.Rows.Count, answer.IsCut).ShouldBe((3, true));
        (await _lake.Queries.RunAsync("FROM range(3)", Bounds with { Rows = 3 }, default)).IsCut.ShouldBeFalse();
    }

    [Fact]
    public async Task The_process_of_a_query_sees_no_secret_and_ends_with_the_one_that_asks()
    {
        Environment.SetEnvironmentVariable("ConnectionStrings__whduck", "secret");
        var start = WorkerProgram.Start(QueryWorker.Argument);
        start.Environment.Keys.ShouldNotContain("ConnectionStrings__whduck");
        using var stop = new CancellationTokenSource();

        var asking = _lake.Queries.RunAsync("SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c", Bounds, stop.Token);
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        JsonSerializer.Serialize(start.ArgumentList).ShouldContain("Orders.Warehouse.dll");
    }

    [Fact]
    public async Task A_broken_file_and_a_foreign_one_and_a_link_are_named()
    {
        _lake.Write("0-a", [.. Enumerable.Range(1, 200).Select(order => Change(order, 1, order, "placed"))]);
        var bytes = await File.ReadAllBytesAsync(_lake.PathOf("0-a.parquet"));
        foreach (var (name, content) in new[] { ("0-cut.parquet", bytes[..(bytes.Length / 2)]), ("0-none.parquet", []), ("0-text.parquet", [.. "not Parquet at all"u8]) })
        {
            await File.WriteAllBytesAsync(_lake.PathOf(name), content);
            await NamesAsync(name);
            File.Delete(_lake.PathOf(name));
        }

        _lake.Write("0-foreign", "SELECT 1 AS a");
        await NamesAsync("0-foreign.parquet");
        File.Delete(_lake.PathOf("0-foreign.parquet"));
        // Not named as files of the log are: nobody's business.
        _lake.Write("export", "SELECT 1 AS a");
        (await _lake.Queries.RunAsync("SELECT count(*) FROM orders_current", Bounds, default)).Rows.Single()[0].GetInt32().ShouldBe(200);

        File.CreateSymbolicLink(_lake.PathOf("passwd"), "/etc/passwd");
        await NamesAsync("passwd");

        async Task NamesAsync(string name)
        {
            var failure = await Should.ThrowAsync<QueryException>(() => _lake.Queries.RunAsync("SELECT sum(amount), count(item) FROM orders_changes", Bounds, default));
            failure.Fault.ShouldBe(QueryFault.File, failure.Message);
            failure.Message.ShouldContain(name);
        }
    }
}

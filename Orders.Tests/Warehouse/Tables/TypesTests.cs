using Orders.Tests.Engines;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>No value loses anything on its way into a file, from a snapshot or from the stream.</summary>
public sealed class TypesTests(TestEngines engines)
{
    private const string Kinds = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN cents AS numeric(12,2); CREATE TYPE pair AS (a int, b text); CREATE EXTENSION IF NOT EXISTS plpgsql";

    // Type in Postgres, value as SQL, type in the file, value there as text.
    private static readonly (string Type, string Sql, string FileType, string Value)[] All =
    [
        ("bool", "true", "BOOLEAN", "true"),
        ("int2", "-32768", "SMALLINT", "-32768"),
        ("int4", "2147483647", "INTEGER", "2147483647"),
        ("int8", "-9223372036854775808", "BIGINT", "-9223372036854775808"),
        ("oid", "4294967295", "BIGINT", "4294967295"),
        ("float4", "3.4028235e38", "FLOAT", "3.4028235e+38"),
        ("float8", "5e-324", "DOUBLE", "5e-324"),
        ("float8", "'-Infinity'", "DOUBLE", "-inf"),
        ("numeric(20,8)", "999999999999.00000001", "DECIMAL(20,8)", "999999999999.00000001"),
        ("numeric(38,10)", "1234567890123456789012345678.0123456789", "DECIMAL(38,10)", "1234567890123456789012345678.0123456789"),
        ("numeric(39,1)", "12345678901234567890123456789012345678.1", "VARCHAR", "12345678901234567890123456789012345678.1"),
        ("numeric(3,-2)", "12345", "DECIMAL(5,0)", "12300"),
        ("numeric(2,4)", "0.0012", "DECIMAL(4,4)", ".0012"),
        ("numeric", "1e-40", "VARCHAR", "0.0000000000000000000000000000000000000001"),
        ("numeric", "'NaN'", "VARCHAR", "NaN"),
        ("cents", "12.5", "DECIMAL(12,2)", "12.50"),
        ("money", "12.5", "VARCHAR", "$12.50"),
        ("text", "E'tab\\t line\\n back\\\\ quote\" ünï \U0001F600'", "VARCHAR", "tab\t line\n back\\ quote\" ünï \U0001F600"),
        ("text", "'\\N'", "VARCHAR", "\\N"),
        ("text", "''", "VARCHAR", ""),
        ("char(5)", "'ab'", "VARCHAR", "ab   "),
        ("varchar(3)", "'abc'", "VARCHAR", "abc"),
        ("bytea", "'\\x00ff5c'", "BLOB", "\\x00\\xFF\\x5C"),
        ("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
        ("date", "'0044-03-15 BC'", "DATE", "0044-03-15 (BC)"),
        ("date", "'infinity'", "DATE", "infinity"),
        ("time(6)", "'24:00:00'", "TIME", "24:00:00"),
        ("timetz", "'10:11:12.123456+02'", "VARCHAR", "10:11:12.123456+02"),
        ("timestamp", "'2026-11-30 23:59:59.999999'", "TIMESTAMP", "2026-11-30 23:59:59.999999"),
        ("timestamp", "'0044-03-15 10:00:00 BC'", "TIMESTAMP", "0044-03-15 (BC) 10:00:00"),
        ("timestamptz", "'2026-11-30 23:59:59.999999+05:30'", "TIMESTAMP WITH TIME ZONE", "2026-11-30 18:29:59.999999+00"),
        ("timestamptz", "'-infinity'", "TIMESTAMP WITH TIME ZONE", "-infinity"),
        ("interval", "'1 year 2 mons 3 days 04:05:06.000007'", "VARCHAR", "1 year 2 mons 3 days 04:05:06.000007"),
        ("json", "'{\"b\": 1.00, \"a\": 1e999}'", "VARCHAR", "{\"b\": 1.00, \"a\": 1e999}"),
        ("jsonb", "'{\"b\": 1.00, \"a\": [null]}'", "VARCHAR", "{\"a\": [null], \"b\": 1.00}"),
        ("mood", "'ok'", "VARCHAR", "ok"),
        ("pair", "ROW(1, 'x y')", "VARCHAR", "(1,\"x y\")"),
        ("int4range", "'[1,5)'", "VARCHAR", "[1,5)"),
        ("inet", "'10.0.0.1/8'", "VARCHAR", "10.0.0.1/8"),
        ("bit(4)", "B'1010'", "VARCHAR", "1010"),
        ("int4[]", "ARRAY[1, NULL, -3]", "INTEGER[]", "[1, NULL, -3]"),
        ("numeric(6,2)[]", "ARRAY[1.5, NULL]", "DECIMAL(6,2)[]", "[1.50, NULL]"),
        ("cents[]", "ARRAY[1.5]::cents[]", "DECIMAL(12,2)[]", "[1.50]"),
        ("bool[]", "ARRAY[true, false]", "BOOLEAN[]", "[true, false]"),
        ("uuid[]", "ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid]", "UUID[]", "[a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11]"),
        ("bytea[]", "ARRAY['\\x00ff'::bytea, NULL]", "BLOB[]", "[\\x00\\xFF, NULL]"),
        ("timestamptz[]", "ARRAY['2026-11-30 00:00:00+00'::timestamptz]", "TIMESTAMP WITH TIME ZONE[]", "['2026-11-30 00:00:00+00']"),
        ("mood[]", "ARRAY['sad', 'ok']::mood[]", "VARCHAR[]", "[sad, ok]"),
        ("text[]", "'{}'", "VARCHAR[]", "[]"),
        ("box[]", "'{(1,1),(0,0)}'", "VARCHAR", "{(1,1),(0,0)}"),
        ("int4", "NULL", "INTEGER", "<null>"),
        ("int4[]", "NULL", "INTEGER[]", "<null>"),
    ];

    // What the type in the file cannot hold is NULL there, and whole in the row's text.
    private static readonly (string Type, string Sql, string Text)[] Misfits =
    [
        ("numeric(6,2)", "'NaN'", "NaN"),
        ("timestamptz", "'294276-01-01 00:00:00+00'", "294276-01-01 00:00:00+00"),
        ("int4[]", "ARRAY[[1, 2], [3, 4]]", "{{1,2},{3,4}}"),
        ("int4[]", "'[0:1]={1,2}'", "[0:1]={1,2}"),
    ];

    [Fact]
    public async Task Each_value_is_what_it_was()
    {
        await using var lab = await TablesLab.CreateAsync(
            engines,
            $"""
            SET client_min_messages = warning; {Kinds};
            DO $do$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Kolkata''', current_database()); EXECUTE format('ALTER DATABASE %I SET datestyle = ''German''', current_database()); END $do$;
            CREATE TABLE wide (id int PRIMARY KEY, {string.Join(", ", All.Select((column, at) => $"c{at} {column.Type}"))}, {string.Join(", ", Misfits.Select((column, at) => $"m{at} {column.Type}"))});
            INSERT INTO wide VALUES (1, {Values()})
            """);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "wide");
        await lab.StreamsAsync();

        await lab.ExecuteAsync($"INSERT INTO wide VALUES (2, {Values()})");
        await lab.CaughtUpAsync();

        var rows = lab.Log("wide", string.Join(", ", All.Select((_, at) => $"coalesce(c{at}::VARCHAR, '<null>')").Concat(Misfits.Select((_, at) => $"coalesce(m{at}::VARCHAR, _row->>'$.m{at}')"))));
        rows.Count.ShouldBe(2);
        rows.ShouldAllBe(row => row.SequenceEqual(All.Select(column => column.Value).Concat(Misfits.Select(column => column.Text))), Difference(rows));
        lab.Log("wide", string.Join(", ", All.Select((_, at) => $"typeof(c{at})")), "LIMIT 1").Single().ShouldBe(All.Select(column => column.FileType));
        rows = lab.Log("wide", "_row");
        rows[0][0].Replace("\"id\":\"1\"", "", StringComparison.Ordinal).ShouldBe(rows[1][0].Replace("\"id\":\"2\"", "", StringComparison.Ordinal));
    }

    private static string Values() => string.Join(", ", All.Select(column => column.Sql).Concat(Misfits.Select(column => column.Sql)));

    private static string Difference(List<string[]> rows) => string.Join('\n', rows.SelectMany(row => row.Take(All.Length).Select((value, at) => value == All[at].Value ? "" : $"c{at} {All[at].Type}: {value}")).Where(line => line != ""));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{1,NULL,\"NULL\",\"a\\\"b\\\\c,d\"}", "1|<null>|NULL|a\"b\\c,d")]
    [InlineData("{\"\",x}", "|x")]
    [InlineData("{{1},{2}}", null)]
    [InlineData("[0:1]={1,2}", null)]
    public void An_array_of_one_dimension_is_read(string text, string? elements) =>
        (PgArray.Read(text) is { } read ? string.Join('|', read.Select(element => element ?? "<null>")) : null).ShouldBe(elements);
}

using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.Warehouse.Redshift;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>What only Redshift itself could run, as text; and the settings.</summary>
public sealed class RedshiftStatementsTests
{
    [Fact]
    public void Copy_reads_a_manifest_of_the_lake_with_the_namespaces_role_or_another()
    {
        ManifestCopy.Sql("s3://bucket/lake/", role: null, "staged_changes", "redshift/1/changes.manifest").Trim()
            .ShouldBe("COPY staged_changes FROM 's3://bucket/lake/redshift/1/changes.manifest' IAM_ROLE default FORMAT AS PARQUET MANIFEST");
        ManifestCopy.Sql("s3://bucket/lake", "arn:aws:iam::123456789012:role/reads", "staged_items", "redshift/1/items.manifest").Trim()
            .ShouldBe("COPY staged_items FROM 's3://bucket/lake/redshift/1/items.manifest' IAM_ROLE 'arn:aws:iam::123456789012:role/reads' FORMAT AS PARQUET MANIFEST");
    }

    [Fact]
    public void No_statement_commits_by_itself_or_uses_what_Redshift_lacks()
    {
        foreach (var statement in RedshiftSql.Names.SelectMany(name => RedshiftSql.Statements(name)))
        {
            foreach (var word in new[] { "TRUNCATE", "VACUUM", "COMMIT", "now()", "ON CONFLICT", "RETURNING", "::", "FILTER (", "jsonb", "unnest", "PRIMARY KEY", "DISTINCT ON", "LATERAL" })
            {
                // Words of the log are no statements.
                statement.Replace("'truncate'", "", StringComparison.Ordinal).Replace("_committed_at", "", StringComparison.Ordinal).ShouldNotContain(word, Case.Insensitive);
            }
        }

        // WHEN MATCHED AND … is Postgres' alone; Redshift wants both branches.
        foreach (var file in new[] { "merge", "table_merge" })
        {
            var merge = RedshiftSql.Statements(file).Single(statement => statement.StartsWith("MERGE", StringComparison.Ordinal));
            merge.ShouldContain("WHEN MATCHED THEN UPDATE");
            merge.ShouldContain("WHEN NOT MATCHED THEN INSERT");
        }
    }

    [Theory]
    [InlineData("BOOLEAN", "BOOLEAN")]
    [InlineData("SMALLINT", "BIGINT")]
    [InlineData("BIGINT", "BIGINT")]
    [InlineData("FLOAT", "REAL")]
    [InlineData("DOUBLE", "DOUBLE PRECISION")]
    [InlineData("DECIMAL(38,10)", "DECIMAL(38,10)")]
    [InlineData("DECIMAL(38,38)", "VARCHAR(65535)")]
    [InlineData("DATE", "DATE")]
    [InlineData("TIMESTAMPTZ", "TIMESTAMPTZ")]
    [InlineData("UUID", "VARCHAR(36)")]
    [InlineData("BLOB", "VARCHAR(65535)")]
    [InlineData("INTEGER[]", "VARCHAR(65535)")]
    [InlineData("VARCHAR", "VARCHAR(65535)")]
    public void A_column_of_a_table_has_a_type_that_holds_its_values(string file, string expected) => RedshiftType.Of(file).Sql.ShouldBe(expected);

    [Theory]
    [InlineData("INTEGER", "BIGINT", "BIGINT")]
    [InlineData("BIGINT", "DECIMAL(10,2)", "DECIMAL(21,2)")]
    [InlineData("DECIMAL(10,2)", "DECIMAL(6,4)", "DECIMAL(12,4)")]
    [InlineData("DECIMAL(38,0)", "DECIMAL(10,2)", "VARCHAR(65535)")]
    [InlineData("FLOAT", "DOUBLE", "DOUBLE PRECISION")]
    [InlineData("TIMESTAMP", "TIMESTAMPTZ", "VARCHAR(65535)")]
    [InlineData("UUID", "VARCHAR", "VARCHAR(65535)")]
    public void A_column_whose_type_was_changed_holds_both(string before, string after, string expected)
    {
        RedshiftType.Of(before).With(RedshiftType.Of(after)).Sql.ShouldBe(expected);
        RedshiftType.Of(after).With(RedshiftType.Of(before)).Sql.ShouldBe(expected);
    }

    [Theory]
    [InlineData("DECIMAL(10,2)", "NaN", null)]
    [InlineData("DOUBLE", "NaN", "NaN")]
    [InlineData("TIMESTAMPTZ", "infinity", null)]
    [InlineData("DATE", "-infinity", null)]
    [InlineData("DATE", "300000-01-01", null)]
    [InlineData("TIMESTAMP", "0044-03-15 12:00:00 BC", "0044-03-15 12:00:00 BC")]
    [InlineData("TIME", "24:00:00", null)]
    [InlineData("TIME", "23:59:59.999999", "23:59:59.999999")]
    [InlineData("BLOB", "\\x00ff", "00ff")]
    [InlineData("VARCHAR[]", "{a,NULL,\"b \\\"c\"}", "[\"a\",null,\"b \\\"c\"]")]
    [InlineData("INTEGER[]", "[0:1]={1,2}", null)]
    public void A_value_that_a_type_of_Redshift_cannot_hold_is_null(string file, string text, string? expected) => RedshiftType.Of(file).Stage(text).ShouldBe(expected);

    [Fact]
    public void Names_of_columns_do_not_collide_with_those_of_Redshift_and_of_the_views()
    {
        var columns = RedshiftColumn.Of(
        [
            """[{"name": "Id", "file_name": "Id", "file_type": "INTEGER"}, {"name": "oid", "file_name": "oid", "file_type": "BIGINT"}, {"name": "oid_", "file_name": "oid_", "file_type": "DATE"}]""",
            """[{"name": "Id", "file_name": "Id", "file_type": "BIGINT"}, {"name": "deleted_at", "file_name": "deleted_at", "file_type": "TIMESTAMPTZ"}]""",
        ]);

        columns.Select(column => $"{column.Name} {column.Type.Sql} {string.Join('|', column.Sources)}").ShouldBe(["id BIGINT Id", "oid__ BIGINT oid", "oid_ DATE oid_", "deleted_at_ TIMESTAMPTZ deleted_at"]);
    }

    [Fact]
    public void What_a_name_has_in_it_does_not_part_a_statement() =>
        RedshiftSql.Statements("table_drop_column", ("changes", "c"), ("current", "n"), ("column", "\"a;b -- {type}\"")).ShouldBe(["ALTER TABLE c DROP COLUMN \"a;b -- {type}\"", "ALTER TABLE n DROP COLUMN \"a;b -- {type}\""]);

    [Fact]
    public void Texts_in_statements_are_quoted() =>
        RedshiftSql.Insert("t", [["it's \\", 1, new DateOnly(2026, 11, 30), new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero)]]).ShouldBe("INSERT INTO t VALUES ('it''s \\\\', 1, '2026-11-30', '2026-11-30 12:00:00.000000+00')");

    [Fact]
    public void The_password_is_a_setting_of_its_own_and_no_connection_is_kept()
    {
        var settings = Read(("Redshift", "Host=r;Port=5439;Database=orders;Username=orders_loader;SSL Mode=VerifyFull"), ("RedshiftPassword", "p;q"), ("RedshiftSeconds", "600"), ("Lake", "s3://bucket/lake"));

        var connection = new NpgsqlConnectionStringBuilder(settings.ConnectionString);
        (connection.Password, connection.Pooling, connection.SslMode, settings.Between).ShouldBe(("p;q", false, SslMode.VerifyFull, TimeSpan.FromMinutes(10)));
        Read().ConnectionString.ShouldBeNull();
    }

    [Theory]
    [InlineData("Redshift", "Host=r;Database=d", ".orders/lake", "is not in S3")]
    [InlineData("Redshift", "no connection string", "s3://bucket/lake", "It is not a connection string.")]
    [InlineData("Redshift", "Database=d", "s3://bucket/lake", "It names no Host.")]
    [InlineData("RedshiftSeconds", "1", "s3://bucket/lake", "RedshiftSeconds")]
    public void A_wrong_setting_is_named(string name, string value, string lake, string problem)
    {
        var wrong = Should.Throw<SettingsException>(() => Read((name, value), ("Lake", lake)));

        wrong.Message.ShouldContain(problem);
        wrong.Setting.ShouldBe($"Orders__Warehouse__{name}");
    }

    private static RedshiftSettings Read(params (string Name, string Value)[] settings) =>
        RedshiftSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(each => KeyValuePair.Create($"Orders:Warehouse:{each.Name}", (string?)each.Value))).Build());
}

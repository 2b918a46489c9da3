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
            .ShouldBe("COPY staged_changes FROM 's3://bucket/lake/redshift/1/changes.manifest' IAM_ROLE default FORMAT AS PARQUET MANIFEST;");
        ManifestCopy.Sql("s3://bucket/lake", "arn:aws:iam::123456789012:role/reads", "staged_items", "redshift/1/items.manifest").Trim()
            .ShouldBe("COPY staged_items FROM 's3://bucket/lake/redshift/1/items.manifest' IAM_ROLE 'arn:aws:iam::123456789012:role/reads' FORMAT AS PARQUET MANIFEST;");
    }

    [Fact]
    public void No_statement_commits_by_itself_or_uses_what_Redshift_lacks()
    {
        foreach (var statement in new[] { RedshiftSql.Lock, RedshiftSql.Staging, RedshiftSql.Copy, RedshiftSql.Replace, RedshiftSql.Append, RedshiftSql.Newest, RedshiftSql.Merge, RedshiftSql.Ledger, RedshiftSql.Tables }
            .SelectMany(RedshiftSql.Statements))
        {
            foreach (var word in new[] { "TRUNCATE", "VACUUM", "COMMIT", "now()", "ON CONFLICT", "RETURNING", "::", "FILTER", "jsonb", "unnest", "PRIMARY KEY" })
            {
                statement.ShouldNotContain(word, Case.Insensitive);
            }
        }

        // WHEN MATCHED AND … is Postgres' alone; Redshift wants both branches.
        var merge = RedshiftSql.Statements(RedshiftSql.Merge).Single(statement => statement.StartsWith("MERGE", StringComparison.Ordinal));
        merge.ShouldContain("WHEN MATCHED THEN UPDATE");
        merge.ShouldContain("WHEN NOT MATCHED THEN INSERT");
    }

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

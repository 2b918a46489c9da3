using Npgsql;

namespace Orders.Warehouse.Redshift;

/// <summary>Redshift's own COPY: it reads the bucket itself.</summary>
internal sealed class ManifestCopy(string lake, string? role) : IStagedCopy
{
    /// <summary>The statement.</summary>
    /// <param name="lake">The lake, <c>s3://bucket/prefix</c>.</param>
    /// <param name="role">The ARN of a role; null for the namespace's default.</param>
    /// <param name="table">The table.</param>
    /// <param name="manifest">The manifest's path in the lake.</param>
    public static string Sql(string lake, string? role, string table, string manifest) => RedshiftSql.Statements(
        "copy",
        ("table", table),
        ("manifest", RedshiftSql.Quote($"{lake.TrimEnd('/')}/{manifest}")),
        ("role", role is null ? "default" : $"'{RedshiftSql.Quote(role)}'")).Single();

    public async Task CopyAsync(NpgsqlConnection connection, string table, string manifest, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql(lake, role, table, manifest), connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

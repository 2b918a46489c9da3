using DynamoStreams.Api;
using Npgsql;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>Keeps a declared table current.</summary>
internal sealed class MappedTableHandler<T>(MappedReader<T> reader, MappedSql<T> sql, NpgsqlDataSource database, ConsumerSchema? schema) : PostgresBatchHandler(database, schema)
    where T : class
{
    protected override IEnumerable<NpgsqlBatchCommand> MakeStatements(IReadOnlyList<StreamRecord> records) => sql.For(reader.Read(records));
}

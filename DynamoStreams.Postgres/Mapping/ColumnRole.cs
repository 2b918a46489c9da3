namespace DynamoStreams.Postgres.Mapping;

/// <summary>What a column is for.</summary>
internal enum ColumnRole
{
    Key,
    Version,
    Content,
}

namespace Orders.Warehouse.Embedded;

/// <summary>What the process that runs a query is told.</summary>
/// <param name="Database">The file with the views.</param>
/// <param name="Folders">The folders that SQL may read.</param>
/// <param name="Sql">The query.</param>
/// <param name="Seconds">How long it may run.</param>
/// <param name="Rows">How many rows are answered.</param>
/// <param name="MemoryMegabytes">The memory for its tables in MiB.</param>
/// <param name="AnswerBytes">The size of its answer.</param>
internal sealed record QueryRequest(string Database, IReadOnlyList<string> Folders, string Sql, double Seconds, int Rows, int MemoryMegabytes, long AnswerBytes);

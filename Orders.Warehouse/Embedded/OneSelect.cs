using System.Runtime.InteropServices;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Orders.Warehouse.Embedded;

/// <summary>Tells whether a text is one SELECT and nothing else; DESCRIBE, SHOW, SUMMARIZE, VALUES and FROM
/// are SELECTs to DuckDB.</summary>
internal static class OneSelect
{
    private const string Only = "Only one SELECT is run here: nothing is written, and no setting is changed.";

    /// <summary>Checks it.</summary>
    /// <exception cref="QueryException">It is not, or it cannot be understood.</exception>
    public static void Check(DuckDBConnection connection, string sql)
    {
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(connection.NativeConnection, sql, out var statements);
        using (statements)
        {
            if (count <= 0)
            {
                throw new QueryException(QueryFault.Sql, NativeMethods.ExtractStatements.DuckDBExtractStatementsError(statements) is { Length: > 0 } error ? error : $"There is no statement. {Only}");
            }

            if (count > 1)
            {
                throw new QueryException(QueryFault.Refused, $"There are {count} statements. {Only}");
            }

            var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(connection.NativeConnection, statements, 0, out var prepared);
            using (prepared)
            {
                if (state != DuckDBState.Success)
                {
                    throw QueryFaults.Of(NativeMethods.PreparedStatements.DuckDBPrepareError(prepared));
                }

                var type = duckdb_prepared_statement_type(prepared);
                if (type != DuckDBStatementType.Select)
                {
                    throw new QueryException(QueryFault.Refused, $"This is a statement of the kind {type.ToString().ToUpperInvariant()}. {Only}");
                }

                if (NativeMethods.PreparedStatements.DuckDBParams(prepared) > 0)
                {
                    throw new QueryException(QueryFault.Sql, "It has parameters ($1 or ?). Write their values into it.");
                }
            }
        }
    }

    [DllImport("duckdb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern DuckDBStatementType duckdb_prepared_statement_type(DuckDBPreparedStatement statement);
}

using System.Data;
using Npgsql;

namespace Orders.Warehouse.Redshift;

/// <summary>Runs the statements of loads on one connection, step by step.</summary>
/// <param name="connection">The connection.</param>
/// <param name="began">For tests: called before each step.</param>
internal sealed class LoadSession(NpgsqlConnection connection, Action<string>? began)
{
    private const int MostRows = 500;

    /// <summary>The connection.</summary>
    public NpgsqlConnection Connection => connection;

    /// <summary>Whether the connection is lost.</summary>
    public bool IsBroken => connection.State != ConnectionState.Open;

    /// <summary>A step begins.</summary>
    public void Begin(string step) => began?.Invoke(step);

    /// <summary>Runs the statements of a file.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="statements">The statements.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task ExecuteAsync(string step, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            Begin(step);
            await RunAsync(statement, cancellationToken);
        }
    }

    /// <summary>Inserts rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Its rows: texts, numbers, days, times.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task InsertAsync(string table, IEnumerable<object[]> rows, CancellationToken cancellationToken)
    {
        Begin($"insert {table}");
        foreach (var some in rows.Chunk(MostRows))
        {
            await RunAsync(RedshiftSql.Insert(table, some), cancellationToken);
        }
    }

    /// <summary>Runs a statement.</summary>
    public async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

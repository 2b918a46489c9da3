using Npgsql;

namespace Orders.Warehouse.Ledger;

/// <summary>
/// The turn to do something: of all instances and commands one has it. A transaction that only holds an
/// advisory lock: it keeps no snapshot of rows, and it ends with the connection.
/// </summary>
internal sealed class LedgerTurn : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private LedgerTurn(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    /// <summary>Takes it; null while another instance has it.</summary>
    /// <param name="database">The database of the ledger.</param>
    /// <param name="what">What it is the turn for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<LedgerTurn?> TryTakeAsync(NpgsqlDataSource database, string what, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            var turn = new LedgerTurn(connection, await connection.BeginTransactionAsync(cancellationToken));
            await using var asking = new NpgsqlCommand("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", connection) { Parameters = { new() { Value = $"orders warehouse {what}" } } };
            if (await asking.ExecuteScalarAsync(cancellationToken) is true)
            {
                return turn;
            }

            await turn.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Gives it up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

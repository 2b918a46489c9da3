using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Reconciling;

/// <summary>
/// The ids of the orders that a scan has read, in a temporary table: any number of them without using
/// memory. It is dropped with its connection.
/// </summary>
internal sealed class ScannedOrders : IAsyncDisposable
{
    private const int NoTimeLimit = 0;

    private readonly NpgsqlConnection _connection;
    private readonly SemaphoreSlim _turn = new(1);

    // A unique name, so that the table of another run in a pooled session is never used.
    private readonly string _table = $"met_{Guid.CreateVersion7():N}";

    private ScannedOrders(NpgsqlConnection connection) => _connection = connection;

    public static async Task<ScannedOrders> CreateAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var met = new ScannedOrders(await database.OpenConnectionAsync(cancellationToken));
        await using var create = new NpgsqlCommand($"CREATE TEMPORARY TABLE {met._table} (order_id uuid PRIMARY KEY)", met._connection);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return met;
    }

    public async Task AddAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        if (orderIds.Count > 0)
        {
            await RunAsync($"INSERT INTO {_table} SELECT unnest($1) ON CONFLICT DO NOTHING", command => command.ExecuteNonQueryAsync(cancellationToken), cancellationToken, orderIds.ToArray());
        }
    }

    /// <summary>Those of these orders that were not read.</summary>
    public Task<List<Guid>> ExceptAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken) => ReadAsync(
        $"SELECT DISTINCT other FROM unnest($1) AS other WHERE NOT EXISTS (SELECT FROM {_table} AS met WHERE met.order_id = other)", cancellationToken, orderIds.ToArray());

    /// <summary>Orders in Postgres, or orders of lines, that were not read, by id.</summary>
    /// <param name="after">The last of the step before; null for the first step.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<List<Guid>> SurplusAsync(Guid? after, int limit, CancellationToken cancellationToken) => ReadAsync(
        $"""
        SELECT order_id
          FROM ((SELECT o.order_id FROM orders AS o
                  WHERE o.order_id > $1 AND NOT EXISTS (SELECT FROM {_table} AS met WHERE met.order_id = o.order_id)
                  ORDER BY o.order_id LIMIT $2)
                UNION
                (SELECT i.order_id FROM order_items AS i
                  WHERE i.order_id > $1 AND NOT EXISTS (SELECT FROM {_table} AS met WHERE met.order_id = i.order_id)
                  ORDER BY i.order_id LIMIT $2)) AS surplus
         ORDER BY order_id
         LIMIT $2
        """,
        cancellationToken, after ?? Guid.Empty, limit);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var drop = new NpgsqlCommand($"DROP TABLE IF EXISTS pg_temp.{_table}", _connection);
            await drop.ExecuteNonQueryAsync();
        }
        catch (Exception failure) when (PostgresFaults.IsNoAnswer(failure))
        {
            // The table is dropped with the broken connection.
        }

        await _connection.DisposeAsync();
        _turn.Dispose();
    }

    private Task<List<Guid>> ReadAsync(string sql, CancellationToken cancellationToken, params object[] values) => RunAsync(
        sql,
        async command =>
        {
            await using var rows = await command.ExecuteReaderAsync(cancellationToken);
            var orderIds = new List<Guid>();
            while (await rows.ReadAsync(cancellationToken))
            {
                orderIds.Add(rows.GetGuid(0));
            }

            return orderIds;
        },
        cancellationToken,
        values);

    // Segments run in parallel, but there is one connection.
    private async Task<T> RunAsync<T>(string sql, Func<NpgsqlCommand, Task<T>> run, CancellationToken cancellationToken, params object[] values)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(sql, _connection) { CommandTimeout = NoTimeLimit };
            foreach (var value in values)
            {
                command.Parameters.Add(new() { Value = value });
            }

            return await run(command);
        }
        catch (PostgresException elsewhere) when (elsewhere.SqlState == PostgresErrorCodes.UndefinedTable && elsewhere.MessageText.Contains(_table, StringComparison.Ordinal))
        {
            throw new SettingsException(
                "ConnectionStrings__orders", "A pooler in front of Postgres gives each statement another session, and a comparison needs one of its own.",
                "Name Postgres itself, or a pooler in session mode, for this.", elsewhere);
        }
        finally
        {
            _turn.Release();
        }
    }
}

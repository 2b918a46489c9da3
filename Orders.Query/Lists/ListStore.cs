using Npgsql;
using Orders.Query.Reading;
using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>Pages of orders in Postgres.</summary>
internal sealed class ListStore(ReadModel readModel)
{
    /// <summary>
    /// Reads a whole page with its lines in one round trip: the connection is free before the first byte is
    /// sent, so that a slow client does not hold it.
    /// </summary>
    public async Task<OrderPage> ReadAsync(ListRequest request, CursorSeal seal, CancellationToken cancellationToken)
    {
        if (request.Filter.Merchants is [])
        {
            return new([], NextCursor: null);
        }

        // One more than requested, to detect a next page.
        var orders = await ReadAsync(ListSql.Of(request.Filter, request.After, request.Limit + 1), cancellationToken);
        return Cut(orders, request.Limit, request.Filter, seal);
    }

    /// <summary>Reads all orders of a statement.</summary>
    public Task<List<OrderRow>> ReadAsync(ListSql sql, CancellationToken cancellationToken) =>
        readModel.ReadAsync((connection, token) => ReadAsync(connection, sql, token), cancellationToken);

    private static async Task<List<OrderRow>> ReadAsync(NpgsqlConnection connection, ListSql sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql.Text, connection);
        foreach (var parameter in sql.Parameters)
        {
            command.Parameters.Add(parameter);
        }

        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await OrderRows.ReadAsync(rows, cancellationToken);
    }

    /// <summary>Makes a page from rows, of which one may be beyond the page.</summary>
    public static OrderPage Cut(List<OrderRow> rows, int limit, OrderFilter filter, CursorSeal seal)
    {
        if (rows.Count <= limit)
        {
            return OrderPage.Of(rows, nextCursor: null);
        }

        rows.RemoveAt(rows.Count - 1);
        return OrderPage.Of(rows, seal.Close(rows[^1].Place, filter));
    }
}

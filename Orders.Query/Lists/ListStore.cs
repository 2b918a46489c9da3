using Npgsql;
using Orders.Query.Reading;
using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>Pages of orders in Postgres.</summary>
internal sealed class ListStore(ReadModel readModel)
{
    /// <summary>
    /// Reads a page, its lines included, in one round trip, and to its end: the connection is free again
    /// before the first byte goes out, so that a client who reads slowly holds up nobody.
    /// </summary>
    public async Task<OrderPage> ReadAsync(ListRequest request, CursorSeal seal, CancellationToken cancellationToken)
    {
        if (request.Filter.Merchants is [])
        {
            return new([], NextCursor: null);
        }

        // One more than asked for tells whether there is a next page.
        var orders = await ReadAsync(ListSql.Of(request.Filter, request.After, request.Limit + 1), cancellationToken);
        return Cut(orders, request.Limit, request.Filter, seal);
    }

    /// <summary>Reads the orders of a statement, to its end.</summary>
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

    /// <summary>Makes a page of rows that may have one more than a page has.</summary>
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

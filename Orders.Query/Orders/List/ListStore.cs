using Npgsql;
using Orders.Domain;

namespace Orders.Query;

/// <summary>Pages of orders in Postgres.</summary>
internal sealed class ListStore(NpgsqlDataSource postgres)
{
    /// <summary>
    /// Reads a page, its lines included, in one round trip, and to its end: the connection is free again before the first byte goes out,
    /// so that a client who reads slowly holds up nobody.
    /// </summary>
    public async Task<OrderPage> ReadAsync(ListRequest request, CursorSeal seal, CancellationToken cancellationToken)
    {
        if (request.Filter.Merchants is [])
            return new([], NextCursor: null);

        // One more than asked for tells whether there is a next page.
        var sql = ListSql.Of(request.Filter, request.After, request.Limit + 1);
        await using var command = postgres.CreateCommand(sql.Text);
        foreach (var parameter in sql.Parameters)
            command.Parameters.Add(parameter);
        List<Order> orders;
        await using (var rows = await command.ExecuteReaderAsync(cancellationToken))
            orders = await OrderRows.ReadAsync(rows, cancellationToken);

        if (orders.Count <= request.Limit)
            return new(orders, NextCursor: null);
        orders.RemoveAt(orders.Count - 1);
        var last = orders[^1];
        return new(orders, seal.Close(new(last.PlacedAt, last.OrderId), request.Filter));
    }
}

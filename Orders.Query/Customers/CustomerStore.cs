using System.Globalization;
using Npgsql;
using Orders.Domain;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.Query.Totals;

namespace Orders.Query.Customers;

/// <summary>Customers in Postgres.</summary>
internal sealed class CustomerStore(ReadModel readModel)
{
    /// <summary>
    /// One row for each customer, currency and status. LIMIT 1 makes each customer an index lookup. The cap
    /// on counted orders bounds the cost of one customer; it reads the index from the newest order.
    /// </summary>
    internal static readonly string Sql = string.Create(
        CultureInfo.InvariantCulture,
        $"""
        SELECT c.merchant_id, c.customer_id, c.first_order_at, c.last_order_at, o.currency, o.status, o.orders, o.amount
          FROM unnest($1, $2) WITH ORDINALITY AS asked (merchant_id, customer_id, place)
         CROSS JOIN LATERAL (
               SELECT * FROM customers WHERE merchant_id = asked.merchant_id AND customer_id = asked.customer_id LIMIT 1) AS c
          LEFT JOIN LATERAL (
               SELECT currency, status, count(*) AS orders, sum(amount)::text AS amount
                 FROM (SELECT currency, status, amount
                         FROM orders
                        WHERE merchant_id = c.merchant_id AND customer_id = c.customer_id
                        ORDER BY placed_at DESC, order_id DESC LIMIT {Customer.CountedOrders}) AS newest
                GROUP BY currency, status) AS o ON true
         ORDER BY asked.place, o.currency
        """);

    /// <summary>Finds customers, in the requested order. Unknown ones are absent.</summary>
    /// <param name="ids">Each with its merchant, each once.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<IReadOnlyList<Customer>> FindAsync(IReadOnlyList<OwnedId> ids, CancellationToken cancellationToken)
    {
        if (ids is [])
        {
            return [];
        }

        var found = await readModel.ReadAsync((connection, token) => ReadAsync(connection, ids, token), cancellationToken);
        return [.. found.GroupBy(row => (row.MerchantId, row.CustomerId)).Select(group => Make([.. group]))];
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<OwnedId> ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddOwnedIds(ids);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Row>();
        while (await rows.ReadAsync(cancellationToken))
        {
            found.Add(Row.Read(rows));
        }

        return found;
    }

    private static Customer Make(IReadOnlyList<Row> rows)
    {
        var counts = rows.Select(row => row.Count).OfType<Count>().ToList();
        var orders = counts.Sum(count => count.Orders);
        return new()
        {
            MerchantId = rows[0].MerchantId,
            CustomerId = rows[0].CustomerId,
            FirstOrderAt = rows[0].FirstOrderAt,
            LastOrderAt = rows[0].LastOrderAt,
            Orders = orders,
            Statuses = OrderStatuses.All.ToDictionary(
                status => status, status => counts.Where(count => count.Status == status).Sum(count => count.Orders), StringComparer.Ordinal),
            Amounts =
            [
                .. counts
                    .Where(count => count.Status != OrderStatus.Cancelled.Name())
                    .GroupBy(count => count.Currency, StringComparer.Ordinal)
                    .Select(group => new CurrencyAmount(group.Key, group.Sum(count => count.Orders), Amounts.Sum(group.Select(count => Amounts.Read(group.Key, count.Amount))))),
            ],
            Capped = orders >= Customer.CountedOrders,
        };
    }

    private sealed record Count(string Currency, string Status, long Orders, string Amount);

    private sealed record Row(string MerchantId, string CustomerId, DateTimeOffset FirstOrderAt, DateTimeOffset LastOrderAt, Count? Count)
    {
        public static Row Read(NpgsqlDataReader row) => new(
            row.GetString(0),
            row.GetString(1),
            row.GetFieldValue<DateTimeOffset>(2),
            row.GetFieldValue<DateTimeOffset>(3),
            row.IsDBNull(4) ? null : new(row.GetString(4), row.GetString(5), row.GetInt64(6), row.GetString(7)));
    }
}

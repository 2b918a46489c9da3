using System.Globalization;
using Npgsql;
using Orders.Domain;

namespace Orders.Query;

/// <summary>
/// The statement of a page. Its WHERE has the filters that are there and nothing else: with a "($1 IS NULL OR …)" for each, no plan could
/// tell which index fits. Every value is a parameter.
/// </summary>
internal sealed class ListSql
{
    private readonly List<NpgsqlParameter> _parameters = [];

    private ListSql(OrderFilter filter, Keyset? after, int rows)
    {
        // LIMIT in the lateral part keeps it one: an index probe for each order of the page. As a plain join the planner may hash all lines.
        Text =
            $"""
            SELECT {OrderRows.Columns}
              FROM ({Page(filter, after, Bind((long)rows))}) AS o
              LEFT JOIN LATERAL (
                   SELECT * FROM order_items WHERE order_id = o.order_id ORDER BY order_item_id LIMIT {OrderLimits.Lines}) AS l ON true
             ORDER BY o.placed_at DESC, o.order_id DESC, l.order_item_id
            """;
    }

    public string Text { get; }

    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    /// <summary>Makes the statement.</summary>
    /// <param name="filter">Which orders.</param>
    /// <param name="after">The last order of the page before.</param>
    /// <param name="rows">At most so many orders.</param>
    public static ListSql Of(OrderFilter filter, Keyset? after, int rows) => new(filter, after, rows);

    private string Page(OrderFilter filter, Keyset? after, string limit)
    {
        var conditions = Conditions(filter, after);
        if (filter.Merchants is not { } merchants)
            return Newest(conditions, limit);
        if (merchants is [var merchant])
            return Newest([$"merchant_id = {Bind(merchant)}", .. conditions], limit);

        // "merchant_id = ANY(…)" cannot be read from an index in the order of time: a page of each merchant can, and the newest of these are
        // the newest of all.
        return
            $"""
            SELECT page.*
              FROM unnest({Bind(merchants.ToArray())}) AS m (merchant_id)
             CROSS JOIN LATERAL ({Newest(["merchant_id = m.merchant_id", .. conditions], limit)}) AS page
             ORDER BY placed_at DESC, order_id DESC LIMIT {limit}
            """;
    }

    private static string Newest(IReadOnlyList<string> conditions, string limit) =>
        $"""
        SELECT order_id, merchant_id, customer_id, status, currency, amount, placed_at, updated_at, version
          FROM orders {(conditions is [] ? "" : $"WHERE {string.Join(" AND ", conditions)}")}
         ORDER BY placed_at DESC, order_id DESC LIMIT {limit}
        """;

    private List<string> Conditions(OrderFilter filter, Keyset? after)
    {
        List<string> conditions = [];
        if (filter.CustomerId is { } customerId)
            conditions.Add($"customer_id = {Bind(customerId)}");
        if (filter.Status is { } status)
            conditions.Add($"status = {Bind(status.Name())}");
        if (filter.Currency is { } currency)
            conditions.Add($"currency = {Bind(currency.Code)}");
        if (filter.From is { } from)
            conditions.Add($"placed_at >= {Bind(from.UtcDateTime)}");
        if (filter.To is { } to)
            conditions.Add($"placed_at < {Bind(to.UtcDateTime)}");
        if (after is { } last)
            conditions.Add($"(placed_at, order_id) < ({Bind(last.PlacedAt.UtcDateTime)}, {Bind(last.OrderId)})");
        return conditions;
    }

    private string Bind(object value)
    {
        _parameters.Add(new NpgsqlParameter { Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}

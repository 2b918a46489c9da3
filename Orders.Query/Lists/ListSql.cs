using System.Globalization;
using Npgsql;
using Orders.Domain;
using Orders.Query.Owned;
using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>
/// The statement of a page. Its WHERE contains only the filters that are set: with "($1 IS NULL OR …)" for
/// each, the planner could not choose an index. Every value is a parameter.
/// </summary>
internal sealed class ListSql
{
    private readonly List<NpgsqlParameter> _parameters = [];

    private ListSql()
    {
    }

    public string Text { get; private set; } = "";

    public IReadOnlyList<NpgsqlParameter> Parameters => _parameters;

    /// <summary>Makes the statement.</summary>
    /// <param name="filter">Which orders.</param>
    /// <param name="after">The last order of the page before.</param>
    /// <param name="rows">At most so many orders.</param>
    public static ListSql Of(OrderFilter filter, Keyset? after, int rows) =>
        Make("o.placed_at DESC, o.order_id DESC, l.order_item_id", sql => sql.Page(filter, after, sql.Bind((long)rows)));

    /// <summary>Makes the statement of the newest orders of many customers, grouped by customer.</summary>
    /// <param name="customers">Each with its merchant.</param>
    /// <param name="filter">The filter of their orders; without merchants and customers.</param>
    /// <param name="rows">At most so many orders of each.</param>
    public static ListSql Of(IReadOnlyList<OwnedId> customers, OrderFilter filter, int rows) =>
        Make("o.place, o.placed_at DESC, o.order_id DESC, l.order_item_id", sql => sql.Pages(customers, filter, sql.Bind((long)rows)));

    private static ListSql Make(string order, Func<ListSql, string> page)
    {
        var sql = new ListSql();
        sql.Text =
            $"""
            SELECT {OrderRows.Columns}
              FROM ({page(sql)}) AS o
              {OrderRows.Lines}
             ORDER BY {order}
            """;
        return sql;
    }

    private string Page(OrderFilter filter, Keyset? after, string limit)
    {
        var conditions = Conditions(filter, after);
        return filter switch
        {
            { Merchants: [var merchant] } => Newest([$"merchant_id = {Bind(merchant)}", .. conditions], limit),
            { Merchants: { } merchants } => NewestOfEach($"unnest({Bind(merchants.ToArray())})", conditions, limit),
            // A customer is identified by its merchant's id and its own.
            { CustomerId: { } customerId } => NewestOfEach($"(SELECT merchant_id FROM customers WHERE customer_id = {Bind(customerId)})", conditions, limit),
            _ => Newest(conditions, limit),
        };
    }

    private string Pages(IReadOnlyList<OwnedId> customers, OrderFilter filter, string limit)
    {
        var merchantIds = Bind(customers.Select(customer => customer.MerchantId!).ToArray());
        var customerIds = Bind(customers.Select(customer => customer.Id).ToArray());
        List<string> conditions = ["merchant_id = c.merchant_id", "customer_id = c.customer_id", .. Conditions(filter, after: null)];
        return
            $"""
            SELECT page.*, c.place
              FROM unnest({merchantIds}, {customerIds}) WITH ORDINALITY AS c (merchant_id, customer_id, place)
             CROSS JOIN LATERAL ({Newest(conditions, limit)}) AS page
            """;
    }

    // "merchant_id = ANY(…)" cannot use an index in the order of time. A page of each merchant can, and the
    // newest of these are the newest of all.
    private static string NewestOfEach(string merchants, List<string> conditions, string limit) =>
        $"""
        SELECT page.*
          FROM {merchants} AS m (merchant_id)
         CROSS JOIN LATERAL ({Newest(["merchant_id = m.merchant_id", .. conditions], limit)}) AS page
         ORDER BY placed_at DESC, order_id DESC LIMIT {limit}
        """;

    private static string Newest(IReadOnlyList<string> conditions, string limit) =>
        $"""
        SELECT {OrderRows.OrderColumns}
          FROM orders {(conditions is [] ? "" : $"WHERE {string.Join(" AND ", conditions)}")}
         ORDER BY placed_at DESC, order_id DESC LIMIT {limit}
        """;

    private List<string> Conditions(OrderFilter filter, Keyset? after)
    {
        List<string> conditions = [];
        if (filter.CustomerId is { } customerId)
        {
            conditions.Add($"customer_id = {Bind(customerId)}");
        }

        if (filter.Status is { } status)
        {
            conditions.Add($"status = {Bind(status.Name())}");
        }

        if (filter.Currency is { } currency)
        {
            conditions.Add($"currency = {Bind(currency.Code)}");
        }

        if (filter.From is { } from)
        {
            conditions.Add($"placed_at >= {Bind(from.UtcDateTime)}");
        }

        if (filter.To is { } to)
        {
            conditions.Add($"placed_at < {Bind(to.UtcDateTime)}");
        }

        if (after is { } last)
        {
            conditions.Add($"(placed_at, order_id) < ({Bind(last.PlacedAt.UtcDateTime)}, {Bind(last.OrderId)})");
        }

        return conditions;
    }

    private string Bind(object value)
    {
        _parameters.Add(new NpgsqlParameter { Value = value });
        return string.Create(CultureInfo.InvariantCulture, $"${_parameters.Count}");
    }
}

using Npgsql;
using Orders.Domain;
using Orders.Query.Customers;
using Orders.Query.History;
using Orders.Query.Lists;
using Orders.Query.Owned;
using Orders.Query.Products;
using Orders.Query.Rows;
using Orders.Query.Totals;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

[Collection(LargeReadModelCollection.Name)]
public sealed class PlanTests(LargeReadModel model)
{
    private static readonly DateTimeOffset Middle = LargeReadModel.Start.AddDays(40);

    [Fact]
    public async Task No_combination_of_filters_reads_a_whole_table()
    {
        List<string> faults = [];
        foreach (var (filter, after, rows) in Lists())
        {
            var sql = ListSql.Of(filter, after, rows);
            await CheckAsync(faults, $"{filter} after {after} limit {rows}", sql.Text, sql.Parameters);
        }

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_other_read_reads_a_whole_table()
    {
        List<string> faults = [];
        foreach (var (name, sql, parameters) in await OthersAsync())
        {
            await CheckAsync(faults, name, sql, parameters);
        }

        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("merchant-7")]
    [InlineData("merchant-7 merchant-8 merchant-9 nobody")]
    public async Task A_page_reads_no_more_than_a_page_of_each_merchant_however_many_orders_they_have(string merchants)
    {
        var filter = new OrderFilter { Merchants = merchants.Split(' ') };

        var read = await RowsReadAsync(filter);

        read.ShouldBeInRange(51, 51 * filter.Merchants.Count);
    }

    // The few that there are, at the other end of time than a list begins: whoever looks for them among all
    // others reads 200 000.
    [Theory]
    [InlineData("placed", null, null)]
    [InlineData(null, "JPY", null)]
    [InlineData("placed", "JPY", null)]
    [InlineData("placed", null, "merchant-7")]
    [InlineData("placed", null, "merchant-7 merchant-8")]
    [InlineData("paid", null, null)]
    [InlineData("paid", null, "merchant-7")]
    [InlineData(null, "USD", null)]
    public async Task A_rare_status_or_currency_is_found_without_reading_all_the_others(string? status, string? currency, string? merchants)
    {
        var read = await RowsReadAsync(new()
        {
            Merchants = merchants?.Split(' '),
            Status = status is null ? null : Enum.Parse<OrderStatus>(status, ignoreCase: true),
            Currency = currency is null ? null : CurrencyOf(currency),
        });

        read.ShouldBeLessThanOrEqualTo(210);
    }

    [Fact]
    public async Task A_customers_page_reads_its_own_orders_only_whoever_else_uses_the_id()
    {
        (await RowsReadAsync(new() { Merchants = ["merchant-7"], CustomerId = "customer-77" })).ShouldBeLessThanOrEqualTo(51);
        (await RowsReadAsync(new() { CustomerId = "customer-77" })).ShouldBeLessThanOrEqualTo(51 * 2);
    }

    private async Task<double> RowsReadAsync(OrderFilter filter)
    {
        var sql = ListSql.Of(filter, after: null, rows: 51);
        return await model.RowsReadAsync("orders", sql.Text, sql.Parameters);
    }

    private async Task CheckAsync(List<string> faults, string name, string sql, IEnumerable<NpgsqlParameter> parameters)
    {
        var plan = await model.ExplainAsync("EXPLAIN", sql, parameters);
        if (plan.Contains("Seq Scan", StringComparison.Ordinal))
        {
            faults.Add($"{name}:\n{plan}");
        }
    }

    private static IEnumerable<(OrderFilter Filter, Keyset? After, int Rows)> Lists() =>
        from merchants in new string[]?[] { null, ["merchant-7"], ["merchant-7", "merchant-8", "nobody"] }
        from customer in new[] { null, "customer-77" }
        from status in new OrderStatus?[] { null, OrderStatus.Completed, OrderStatus.Placed }
        from currency in new[] { null, CurrencyOf("JPY") }
        from bounds in new (DateTimeOffset? From, DateTimeOffset? To)[] { (null, null), (Middle, null), (null, Middle), (Middle, Middle.AddHours(6)) }
        from after in new Keyset?[] { null, new(Middle.AddHours(3), Guid.Empty) }
        from rows in new[] { ListRequest.DefaultLimit + 1, ListRequest.MaxLimit + 1 }
        select (new OrderFilter { Merchants = merchants, CustomerId = customer, Status = status, Currency = currency, From = bounds.From, To = bounds.To }, after, rows);

    private async Task<IReadOnlyList<(string Name, string Sql, IReadOnlyList<NpgsqlParameter> Parameters)>> OthersAsync()
    {
        var (orderIds, customers) = await PickAsync();
        var statements = new List<(string, string, IReadOnlyList<NpgsqlParameter>)>
        {
            ("orders by ids", OrderStore.ManySql(everyMerchant: true), [Value(orderIds)]),
            ("orders by ids of some merchants", OrderStore.ManySql(everyMerchant: false), [Value(orderIds), Value(new[] { "merchant-7", "merchant-8" })]),
            ("history", HistoryStore.Sql, [Value(orderIds[0]), Value(0L), Value(52L)]),
            ("a page of history", HistoryStore.Sql, [Value(orderIds[0]), Value(50L), Value(52L)]),
        };
        foreach (var many in new[] { 1, 100 })
        {
            var (merchantIds, customerIds) = (customers.Take(many).Select(id => id.MerchantId!).ToArray(), customers.Take(many).Select(id => id.Id).ToArray());
            statements.Add(($"{many} customers", CustomerStore.Sql, [Value(merchantIds), Value(customerIds)]));
            statements.Add(($"{many} products", ProductStore.Sql, [Value(merchantIds), Value(Enumerable.Range(0, many).Select(number => $"product-{number}").ToArray())]));
            foreach (var filter in new OrderFilter[] { new(), new() { Status = OrderStatus.Placed }, new() { Currency = CurrencyOf("JPY"), From = Middle } })
            {
                var sql = ListSql.Of([.. customers.Take(many)], filter, rows: 51);
                statements.Add(($"orders of {many} customers, {filter}", sql.Text, sql.Parameters));
            }

            foreach (var table in new[] { OwnedTable.Customers, OwnedTable.Products })
            {
                statements.Add(($"merchants of {many} {table.Name}", Owner.Sql(table, everyMerchant: true), [Value(customerIds)]));
                statements.Add(($"some merchants of {many} {table.Name}", Owner.Sql(table, everyMerchant: false), [Value(customerIds), Value(new[] { "merchant-7", "merchant-8" })]));
            }
        }

        foreach (var merchants in new string[]?[] { null, ["merchant-7"], ["merchant-7", "merchant-8"] })
        {
            foreach (var days in new[] { 1, TotalsRequest.MaxDays })
            {
                foreach (var currency in new[] { null, CurrencyOf("INR") })
                {
                    using var command = new NpgsqlCommand();
                    TotalsSql.Fill(command, new(null, currency, Middle, Middle.AddDays(days)), merchants);
                    statements.Add(($"totals of {days} days, {currency}, {merchants?.Length} merchants", command.CommandText, [.. command.Parameters.Select(parameter => parameter.Clone())]));
                }
            }
        }

        return statements;
    }

    private async Task<(Guid[] OrderIds, OwnedId[] Customers)> PickAsync()
    {
        await using var command = model.Stores.Postgres.CreateCommand("SELECT order_id, merchant_id, customer_id FROM orders WHERE customer_id IS NOT NULL ORDER BY order_id LIMIT 100");
        await using var rows = await command.ExecuteReaderAsync();
        var picked = new List<(Guid OrderId, OwnedId Customer)>();
        while (await rows.ReadAsync())
        {
            picked.Add((rows.GetGuid(0), new(rows.GetString(1), rows.GetString(2))));
        }

        return ([.. picked.Select(order => order.OrderId)], [.. picked.Select(order => order.Customer)]);
    }

    private static NpgsqlParameter Value(object value) => new() { Value = value };

    private static Currency CurrencyOf(string code)
    {
        Currency.TryFind(code, out var currency).ShouldBeTrue();
        return currency!;
    }
}

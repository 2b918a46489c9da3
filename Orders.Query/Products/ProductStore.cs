using Npgsql;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.Query.Totals;

namespace Orders.Query.Products;

/// <summary>Products in Postgres.</summary>
internal sealed class ProductStore(ReadModel readModel)
{
    // LIMIT 1 makes each product an index lookup.
    internal const string Sql =
        """
        SELECT p.merchant_id, p.product_id, p.product_name, p.unit_price::text, p.currency, p.as_of
          FROM unnest($1, $2) WITH ORDINALITY AS asked (merchant_id, product_id, place)
         CROSS JOIN LATERAL (
               SELECT * FROM products WHERE merchant_id = asked.merchant_id AND product_id = asked.product_id LIMIT 1) AS p
         ORDER BY asked.place
        """;

    /// <summary>Finds products, in the requested order. Unknown ones are absent.</summary>
    /// <param name="ids">Each with its merchant, each once.</param>
    /// <param name="cancellationToken">The caller has gone.</param>
    public async Task<IReadOnlyList<Product>> FindAsync(IReadOnlyList<OwnedId> ids, CancellationToken cancellationToken) =>
        ids is [] ? [] : await readModel.ReadAsync((connection, token) => ReadAsync(connection, ids, token), cancellationToken);

    private static async Task<List<Product>> ReadAsync(NpgsqlConnection connection, IReadOnlyList<OwnedId> ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddOwnedIds(ids);
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Product>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var currency = rows.GetString(4);
            found.Add(new(
                rows.GetString(0), rows.GetString(1), rows.GetString(2), Amounts.Read(currency, rows.GetString(3)), currency, rows.GetFieldValue<DateTimeOffset>(5)));
        }

        return found;
    }
}

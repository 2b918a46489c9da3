using System.Text.Json;
using DynamoStreams.Api;
using DynamoStreams.Postgres;
using DynamoStreams.Postgres.Mapping;
using Npgsql;

namespace Orders.Tests.DynamoStreams.Usage;

/// <summary>
/// A handler of another table: how many payments each currency has, and what they come to.
/// </summary>
public sealed class Totals(NpgsqlDataSource database) : PostgresBatchHandler(database)
{
    protected override IEnumerable<NpgsqlBatchCommand> MakeStatements(IReadOnlyList<StreamRecord> records)
    {
        var changes = records.SelectMany(record => new[] { (record.OldImage, Sign: -1), (record.NewImage, Sign: 1) }).Where(change => !change.Item1.IsEmpty)
            .Select(change => (Payment: JsonDocument.Parse(PlainJson.Of(change.Item1)).RootElement, change.Sign))
            .GroupBy(change => change.Payment.GetProperty("currency").GetString()!).OrderBy(currency => currency.Key, StringComparer.Ordinal).ToList();
        yield return new(
            """
            INSERT INTO totals AS t SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (currency) DO UPDATE SET payments = t.payments + excluded.payments, amount = t.amount + excluded.amount
            """)
        {
            Parameters =
            {
                new() { Value = changes.Select(currency => currency.Key).ToArray() },
                new() { Value = changes.Select(currency => currency.Sum(change => change.Sign)).ToArray() },
                new() { Value = changes.Select(currency => currency.Sum(change => change.Sign * change.Payment.GetProperty("amount").GetDecimal())).ToArray() },
            },
        };
    }
}

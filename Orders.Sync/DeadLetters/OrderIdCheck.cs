using DynamoStreams.Postgres;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.DeadLetters;

/// <summary>
/// Checks the id for which an order's dead letters are requested. Other writers may have written keys
/// without a valid id, such as <c>ORDER#abc</c>. Letters of such items are found by number only; the error
/// for such an id lists the numbers.
/// </summary>
internal sealed class OrderIdCheck(NpgsqlDataSource database)
{
    private const int MostNamed = 10;

    /// <summary>Whether a text may be the id of an order.</summary>
    public static bool IsOrderId(string text) => OrderIds.TryRead(text, out _);

    /// <summary>Explains how else to select the letters.</summary>
    /// <param name="text">The text that is not the id of an order.</param>
    /// <param name="merchants">The merchants whose letters may be shown; null for all.</param>
    /// <param name="name">The option or parameter that takes a letter's number.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A sentence.</returns>
    public async Task<string> WayOutAsync(string text, IReadOnlyCollection<string>? merchants, string name, CancellationToken cancellationToken)
    {
        var numbers = await NumbersAsync(text, merchants, cancellationToken);
        var named = string.Join(", ", numbers.Take(MostNamed)) + (numbers.Count > MostNamed ? ", …" : "");
        return numbers.Count switch
        {
            0 => "No dead letter is of an item with such a key.",
            1 => $"The dead letter of the item with this key is named by {name}: {named}.",
            _ => $"The dead letters of the item with this key are named by {name}, one by one: {named}.",
        };
    }

    private async Task<List<long>> NumbersAsync(string text, IReadOnlyCollection<string>? merchants, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"""
            SELECT d.dead_letter_id
              FROM sync.dead_letters AS d
             WHERE {DeadLetterFilter.Condition} AND (starts_with(d.item_key, $4) OR starts_with(d.item_key, $5))
             ORDER BY d.dead_letter_id
             LIMIT {MostNamed + 1}
            """);
        new DeadLetterFilter(Merchants: merchants).AddTo(command.Parameters);

        // With and without the prefix of an order's key, and with any sort key.
        command.Parameters.Add(new() { Value = Start(text) });
        command.Parameters.Add(new() { Value = Start(OrderItem.PartitionPrefix + text) });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        var numbers = new List<long>();
        while (await rows.ReadAsync(cancellationToken))
        {
            numbers.Add(rows.GetInt64(0));
        }

        return numbers;
    }

    private static string Start(string partitionKey) => $"{ItemKey.Of((OrderAttributes.Pk, partitionKey))}|";
}

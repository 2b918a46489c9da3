using Npgsql;
using NpgsqlTypes;
using Orders.Sync.Projection;

namespace Orders.Sync.DeadLetters;

/// <summary>Selects dead letters. A null condition is ignored; all others must hold.</summary>
/// <param name="Id">One of them.</param>
/// <param name="OrderId">Those of an order, by its id exactly as the item's key has it; another writer may
/// use other upper or lower case.</param>
/// <param name="Merchants">Those of these merchants; a letter of an unknown merchant does not match.</param>
internal sealed record DeadLetterFilter(long? Id = null, string? OrderId = null, IReadOnlyCollection<string>? Merchants = null)
{
    /// <summary>
    /// The condition on <c>sync.dead_letters AS d</c>, with the first three parameters of
    /// <see cref="AddTo"/>.
    /// </summary>
    public const string Condition =
        """
        ($1 IS NULL OR d.dead_letter_id = $1) AND ($2 IS NULL OR d.item_key = $2) AND ($3 IS NULL OR d.tenant = ANY ($3))
        """;

    /// <summary>
    /// The merchants of the key that asks; null for all. What it does not own is neither changed nor counted
    /// for it.
    /// </summary>
    public IReadOnlyCollection<string>? Owners { get; init; }

    /// <summary><see cref="Owners"/> as a parameter.</summary>
    public NpgsqlParameter OwnersParameter() => Texts(Owners);

    public void AddTo(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new() { Value = (object?)Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        parameters.Add(new()
        {
            Value = OrderId is { } order ? OrderItemKey.Of(order) : DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Text,
        });
        parameters.Add(Texts(Merchants));
    }

    private static NpgsqlParameter Texts(IReadOnlyCollection<string>? texts) =>
        new() { Value = texts?.ToArray() ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

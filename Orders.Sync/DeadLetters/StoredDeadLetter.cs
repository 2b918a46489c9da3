using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.DeadLetters;

/// <summary>A dead letter in a list: everything but the record itself.</summary>
/// <param name="Id">Its number; later letters have higher numbers.</param>
/// <param name="State"><c>failed</c>, or <c>waiting</c> for an earlier letter of its item.</param>
/// <param name="ItemKey">Its item.</param>
/// <param name="MerchantId">The merchant; null when unknown.</param>
/// <param name="Error">Why it failed; null while it waits.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="CreatedAt">When it was set aside.</param>
/// <param name="AttemptedAt">When it was tried last; null for never.</param>
/// <param name="ShardId">The shard that it came from; null for a key of some merchants.</param>
/// <param name="SequenceNumber">Its sequence number in the stream; null for a key of some merchants.</param>
/// <param name="RecordBytes">The size of the record that is kept.</param>
internal sealed record StoredDeadLetter(
    long Id, string State, string ItemKey, string? MerchantId, string? Error, int Attempts,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset CreatedAt,
    [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset? AttemptedAt,
    string? ShardId, string? SequenceNumber, int RecordBytes);

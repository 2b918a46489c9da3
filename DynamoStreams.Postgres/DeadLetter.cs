using DynamoStreams.Api;

namespace DynamoStreams.Postgres;

/// <summary>A record to be stored instead of applied.</summary>
/// <param name="Record">The record.</param>
/// <param name="ItemKey">Its item, by <see cref="Postgres.ItemKey.Of(ReadOnlyMemory{byte})"/>: later records
/// of the item wait behind it.</param>
/// <param name="Tenant">Whose it is; null when unknown.</param>
/// <param name="Error">Why it cannot be applied; null for one that was not tried because it waits for an
/// earlier one of its item.</param>
public sealed record DeadLetter(StreamRecord Record, string ItemKey, string? Tenant, string? Error);

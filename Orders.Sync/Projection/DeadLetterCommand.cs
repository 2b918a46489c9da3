using System.Text;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using Npgsql;

namespace Orders.Sync.Projection;

/// <summary>Keeps records that cannot be applied: whole, with the reason.</summary>
internal static class DeadLetterCommand
{
    public static NpgsqlBatchCommand For(ShardLease lease, IReadOnlyList<(StreamRecord Record, string Error)> records) => new(
        """
        INSERT INTO sync.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, record, error)
        SELECT $1, $2, * FROM unnest($3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING
        """)
    {
        Parameters =
        {
            new() { Value = lease.StreamArn },
            new() { Value = lease.ShardId },
            new() { Value = records.Select(r => r.Record.SequenceNumber).ToArray() },
            new() { Value = records.Select(r => r.Record.EventId).ToArray() },
            new() { Value = records.Select(r => Text(ItemKey.Of(r.Record.Keys))).ToArray() },
            new() { Value = records.Select(r => r.Record.Json.ToArray()).ToArray() },
            new() { Value = records.Select(r => Text(r.Error)).ToArray() },
        },
    };

    // Postgres refuses NUL in text; the record itself is kept as bytes, so nothing is lost here.
    private static string Text(string text) => new StringBuilder(text).Replace('\0', '\uFFFD').ToString();
}

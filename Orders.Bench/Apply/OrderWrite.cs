namespace Orders.Bench.Apply;

/// <summary>How a rival writes an order's row.</summary>
internal enum OrderWrite
{
    Insert,
    Update,
    Upsert,
}

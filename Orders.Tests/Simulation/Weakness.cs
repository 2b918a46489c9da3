namespace Orders.Tests.Simulation;

/// <summary>
/// What the product is known not to bear, and the simulation therefore spares it, unless it is asked not to.
/// Who mends one takes it out here.
/// </summary>
[Flags]
internal enum Weakness
{
    None = 0,

    /// <summary>
    /// A stream that repeats a false "trimmed" seven times, or a false "ended" twice, of the same shard: an
    /// open shard ends, a gap is written down, or a closed shard's last records are taken up only after its
    /// children's.
    /// </summary>
    StubbornLies = 1,

    /// <summary>
    /// An order whose version others lower, or which they put again, while a request of the write API
    /// repeats a write whose answer was lost: by version alone it takes its own write for not done, and does
    /// it again.
    /// </summary>
    LoweredUnderWrites = 2,

    /// <summary>
    /// An order that is deleted within moments of being placed, while the placing request, whose answer was
    /// lost, sends its put again: it is placed again.
    /// </summary>
    DeletedUnderPlacing = 4,
}

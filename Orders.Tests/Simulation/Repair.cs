namespace Orders.Tests.Simulation;

/// <summary>
/// Repairs that were made once, each of which can be taken out: the auditor must then find the fault that it
/// was made for.
/// </summary>
[Flags]
internal enum Repair
{
    None = 0,

    /// <summary>
    /// V1: an answer without its members says nothing, and a shard's end needs a second sign.
    /// </summary>
    SecondSign = 1,

    /// <summary>V2: a change is written into Redis only where its ticket still is.</summary>
    Tickets = 2,

    /// <summary>V3: who cannot announce a change in Redis keeps readers from it first.</summary>
    Suspensions = 4,

    /// <summary>V4: sessions of Postgres that began read-only are not used again.</summary>
    FreshSessions = 8,

    /// <summary>V5: an instance that holds no shard looks how those are that others hold.</summary>
    ReadinessOfAll = 16,

    /// <summary>V6: a write leaves a mark, by which it is known again after an answer was lost.</summary>
    WriteMarks = 32,

    /// <summary>
    /// V7: a tombstone keeps its order away by its place in the stream, not by its version.
    /// </summary>
    TombstonePlaces = 64,

    /// <summary>
    /// V8: a row is replaced by what comes after it in the stream, not by what has a higher version.
    /// </summary>
    RowPlaces = 128,

    /// <summary>
    /// V9: an answer of the store that nobody can read is the store's fault, whatever it makes its client
    /// throw.
    /// </summary>
    UnreadableAnswers = 256,

    /// <summary>V12: a read ends in time, whatever it waits for.</summary>
    ReadLimit = 512,

    /// <summary>V13: each read model has names of its own in Redis.</summary>
    Scopes = 1024,
}

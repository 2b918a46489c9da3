using DynamoStreams.Progress;

namespace DynamoStreams.Applying;

/// <summary>Whose fault a failed batch is, and thereby what is done about it.</summary>
public enum FailureKind
{
    /// <summary>Nobody's: it passes by itself. The batch is tried again.</summary>
    Passing,

    /// <summary>
    /// Nobody's: it took too long. The batch is tried again, and then in smaller ones, which may fit where
    /// it never would. A record that takes too long by itself goes on being tried, and
    /// <see cref="ConsumerProgress.Delay"/> says so: a slow database must not set records aside.
    /// </summary>
    Slow,

    /// <summary>
    /// A record's: it will never be applied as things are. The batch is bisected to it, and it is set aside.
    /// </summary>
    Record,

    /// <summary>
    /// Neither the records' nor one that passes: a missing table, a missing right. The batch waits until a
    /// person has mended it, every try is told as an error, and <see cref="ConsumerProgress.Obstacle"/> says
    /// what it is. Setting records aside would lose the order of all of them.
    /// </summary>
    Setup,
}

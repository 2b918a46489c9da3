using DynamoStreams.Progress;

namespace DynamoStreams.Applying;

/// <summary>What caused a batch to fail. This decides the reaction.</summary>
public enum FailureKind
{
    /// <summary>A transient failure. The batch is retried with backoff.</summary>
    Passing,

    /// <summary>
    /// A time-out. The batch is retried, then split. A single record that times out is retried until it
    /// succeeds, and <see cref="ConsumerProgress.Delay"/> reports it: a slow database must not set records
    /// aside.
    /// </summary>
    Slow,

    /// <summary>
    /// A poison record: it can never be applied as it is. The batch is bisected down to it, and it is set
    /// aside.
    /// </summary>
    Record,

    /// <summary>
    /// A fault of the set-up that an operator must fix: a missing table, a missing permission. The batch is
    /// retried until then, each attempt is logged as an error, and <see cref="ConsumerProgress.Obstacle"/>
    /// names the fault. No record is set aside, since that would lose the order of all of them.
    /// </summary>
    Setup,
}

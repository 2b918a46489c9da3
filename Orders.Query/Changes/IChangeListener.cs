using Orders.Domain.Cache;

namespace Orders.Query.Changes;

/// <summary>Receives every change as soon as Orders.Sync publishes it.</summary>
internal interface IChangeListener
{
    /// <summary>Whether it needs no changes now: messages are then not parsed.</summary>
    bool IsIdle { get; }

    /// <summary>
    /// Called on the connection's own thread, one change at a time: it must neither block nor throw.
    /// </summary>
    void OnChange(ChangeMessage change);
}

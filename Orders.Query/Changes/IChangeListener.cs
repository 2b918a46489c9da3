using Orders.Domain.Cache;

namespace Orders.Query.Changes;

/// <summary>Hears of every change as soon as Orders.Sync tells of it.</summary>
internal interface IChangeListener
{
    /// <summary>Whether nobody would hear it now: messages are then not even read.</summary>
    bool IsIdle { get; }

    /// <summary>
    /// Called from the connection's own thread, one change after another: must neither wait nor throw.
    /// </summary>
    void Hear(ChangeMessage change);
}

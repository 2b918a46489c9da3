namespace Orders.Query.Changes;

/// <summary>How a stream begins.</summary>
internal enum ChangeStartKind
{
    /// <summary>Now.</summary>
    Now,

    /// <summary>At the client's last position.</summary>
    Resumed,

    /// <summary>
    /// Now, because the client's last position is not in this feed: the client must reload its data.
    /// </summary>
    Reset,
}

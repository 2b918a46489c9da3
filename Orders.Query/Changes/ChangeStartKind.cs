namespace Orders.Query.Changes;

/// <summary>How a stream begins.</summary>
internal enum ChangeStartKind
{
    /// <summary>Now.</summary>
    Now,

    /// <summary>Where the client was.</summary>
    Resumed,

    /// <summary>
    /// Now, since the place where the client was is none of this feed: it must read again what it has.
    /// </summary>
    Reset,
}

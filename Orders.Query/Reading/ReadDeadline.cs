namespace Orders.Query.Reading;

/// <summary>When a read is answered at the latest: with what was found, or with a 503.</summary>
internal static class ReadDeadline
{
    /// <summary>
    /// For all that a request asks of the stores. A client sees its answer within 2 s, the way there and
    /// back included.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1_750);

    /// <summary>The same for what is left when Redis, which is given 250 ms, did not have it.</summary>
    public static readonly TimeSpan AfterRedis = TimeSpan.FromMilliseconds(1_500);
}

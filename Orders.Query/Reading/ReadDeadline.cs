namespace Orders.Query.Reading;

/// <summary>The deadline of a read: by then it is answered with the result or with a 503.</summary>
internal static class ReadDeadline
{
    /// <summary>
    /// The limit for all calls of a request to the stores. A client has its response within 2 s, including
    /// the network.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(1_750);

    /// <summary>The limit that is left after Redis, which has 250 ms.</summary>
    public static readonly TimeSpan AfterRedis = TimeSpan.FromMilliseconds(1_500);
}

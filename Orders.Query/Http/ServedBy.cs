namespace Orders.Query.Http;

/// <summary>Which store an answer came from.</summary>
internal enum ServedBy
{
    /// <summary>The cache.</summary>
    Redis,

    /// <summary>The read model.</summary>
    Postgres,
}

namespace Orders.Query.Http;

/// <summary>The store from which a response came.</summary>
internal enum ServedBy
{
    /// <summary>The cache.</summary>
    Redis,

    /// <summary>The read model.</summary>
    Postgres,
}

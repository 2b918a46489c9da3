using Orders.Domain.Cache;

namespace Orders.Query.Cache;

/// <summary>What Redis says about the orders of a read model in it.</summary>
/// <param name="Keys">The names of the read model.</param>
/// <param name="Identity">Its identity, of the server's present start.</param>
/// <param name="LastTransaction">The last transaction of Postgres that Orders.Sync has seen; 0 when that is
/// not known.</param>
internal sealed record FoundCache(CacheKeys Keys, string Identity, ulong LastTransaction);

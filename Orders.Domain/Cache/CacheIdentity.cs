namespace Orders.Domain.Cache;

/// <summary>
/// What <see cref="OrderCache.Identity"/> holds: whose orders a Redis has, and since which start of it.
/// </summary>
/// <param name="ReadModel">The read model that it is filled from: <c>sync.change_feed</c>'s id, another in
/// every database.</param>
/// <param name="Server">The start of the server, and the history of its data (RedisServers.IdentityAsync in
/// ServiceDefaults).</param>
/// <param name="Filling">Another at every purge, of whatever read model; later ones sort behind.</param>
public readonly record struct CacheIdentity(string ReadModel, string Server, string Filling)
{
    private const char Separator = '/';

    /// <summary>Reads one.</summary>
    /// <param name="text">What is stored; may be anything.</param>
    /// <returns>Null when the text is no identity.</returns>
    public static CacheIdentity? Parse(string? text) => text?.Split(Separator) is [var readModel, var server, var filling] ? new(readModel, server, filling) : null;

    /// <summary>As it is stored.</summary>
    public override string ToString() => $"{ReadModel}{Separator}{Server}{Separator}{Filling}";
}

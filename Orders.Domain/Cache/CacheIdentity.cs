namespace Orders.Domain.Cache;

/// <summary>
/// The value of <see cref="OrderCache.Identity"/>: the read model whose orders a Redis holds, and the start
/// of the server since which it holds them.
/// </summary>
/// <param name="ReadModel">The read model from which it is filled: the id in <c>sync.change_feed</c>, unique
/// for each database.</param>
/// <param name="Server">The start of the server, and the history of its data (RedisServers.IdentityAsync in
/// ServiceDefaults).</param>
/// <param name="Filling">New at every purge; later ones sort after earlier ones.</param>
public readonly record struct CacheIdentity(string ReadModel, string Server, string Filling)
{
    private const char Separator = '/';

    /// <summary>Parses one.</summary>
    /// <param name="text">The stored text; may be anything.</param>
    /// <returns>Null when the text is not an identity.</returns>
    public static CacheIdentity? Parse(string? text) => text?.Split(Separator) is [var readModel, var server, var filling] ? new(readModel, server, filling) : null;

    /// <summary>The text to store.</summary>
    public override string ToString() => $"{ReadModel}{Separator}{Server}{Separator}{Filling}";
}

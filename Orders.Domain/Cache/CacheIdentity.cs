namespace Orders.Domain.Cache;

/// <summary>
/// The value of <see cref="CacheKeys.Identity"/>: the read model whose orders these are, and the start of
/// the server since which it holds them.
/// </summary>
/// <param name="Scope">The read model (<see cref="CacheKeys.Scope"/>).</param>
/// <param name="Server">The start of the server, and the history of its data (RedisServers.IdentityAsync in
/// ServiceDefaults).</param>
/// <param name="Filling">New at every purge; later ones sort after earlier ones.</param>
public readonly record struct CacheIdentity(string Scope, string Server, string Filling)
{
    // The first layout had no scope in its keys. Its services take no identity of four parts for theirs, and
    // the database refuses theirs (07_cache_scope.sql).
    private const string Layout = "2";
    private const char Separator = '/';

    /// <summary>Parses one.</summary>
    /// <param name="text">The stored text; may be anything.</param>
    /// <returns>Null when the text is not an identity.</returns>
    public static CacheIdentity? Parse(string? text) =>
        text?.Split(Separator) is [Layout, var scope, var server, var filling] ? new(scope, server, filling) : null;

    /// <summary>The text to store.</summary>
    public override string ToString() => $"{Layout}{Separator}{Scope}{Separator}{Server}{Separator}{Filling}";
}

using System.Security.Claims;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// A stored API key: the hashes of its secrets, and its permissions. There are two secrets while one is
/// rotated: the old and the new one are both valid.
/// </summary>
internal sealed class ApiKey(IReadOnlyList<ApiKeyHash> hashes, Caller caller)
{
    public const int MostHashes = 2;

    public Caller Caller { get; } = caller;

    public ClaimsPrincipal Principal { get; } = new(new CallerIdentity(caller));

    /// <summary>
    /// Whether <paramref name="secret"/> is one of its secrets. Always compares <see cref="MostHashes"/>
    /// times, so that the time does not reveal how many there are.
    /// </summary>
    public bool Matches(string secret)
    {
        var matches = false;
        for (var n = 0; n < MostHashes; n++)
        {
            matches |= hashes[n % hashes.Count].Matches(secret);
        }

        return matches;
    }
}

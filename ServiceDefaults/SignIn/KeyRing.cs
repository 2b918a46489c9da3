using System.Collections.Frozen;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Every key that a service knows.</summary>
internal sealed class KeyRing(IEnumerable<ApiKey> keys)
{
    // Compared with when the id is unknown, so that the time of an answer does not tell which ids exist.
    private static readonly ApiKeyHash Nobody = ApiKeyHash.Of(ApiKeyHash.NewSecret());

    private readonly FrozenDictionary<string, ApiKey> _keys = keys.ToFrozenDictionary(key => key.Caller.KeyId, StringComparer.Ordinal);

    public ApiKey? Find(Credential credential)
    {
        _keys.TryGetValue(credential.Id, out var key);
        var matches = (key?.Hash ?? Nobody).Matches(credential.Secret);
        return matches ? key : null;
    }
}

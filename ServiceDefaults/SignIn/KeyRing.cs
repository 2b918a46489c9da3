using System.Collections.Frozen;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>All keys of a service.</summary>
internal sealed class KeyRing(IEnumerable<ApiKey> keys)
{
    // Compared with if the id is unknown, so that the response time does not reveal which ids exist.
    private static readonly ApiKeyHash Nobody = ApiKeyHash.Of(ApiKeyHash.NewSecret());

    private readonly FrozenDictionary<string, ApiKey> _keys = keys.ToFrozenDictionary(key => key.Caller.KeyId, StringComparer.Ordinal);

    public ApiKey? Find(Credential credential)
    {
        _keys.TryGetValue(credential.Id, out var key);
        var matches = (key?.Hash ?? Nobody).Matches(credential.Secret);
        return matches ? key : null;
    }
}

using System.Collections.Frozen;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>All keys of a service at one time; never changed.</summary>
internal sealed class KeyRing(IEnumerable<ApiKey> keys)
{
    // Compared with if the id is unknown, so that the response time does not reveal which ids exist.
    private static readonly ApiKey Nobody = new([ApiKeyHash.Of(ApiKeyHash.NewSecret())], new Caller("nobody", [], []));

    private readonly FrozenDictionary<string, ApiKey> _keys = keys.ToFrozenDictionary(key => key.Caller.KeyId, StringComparer.Ordinal);

    public int Count => _keys.Count;

    public ApiKey? Find(Credential credential)
    {
        _keys.TryGetValue(credential.Id, out var key);
        var matches = (key ?? Nobody).Matches(credential.Secret);
        return matches ? key : null;
    }
}

using System.Collections.Frozen;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Whoever signed in: a key, the merchants it belongs to and its scopes.</summary>
public sealed class Caller
{
    /// <summary>The merchant that stands for all of them in a key's settings.</summary>
    public const string EveryMerchant = "*";

    /// <param name="keyId">The key's id.</param>
    /// <param name="merchants">The merchants it belongs to; <c>*</c> among them means all.</param>
    /// <param name="scopes">Its scopes, see <see cref="SignIn.Scopes"/>.</param>
    public Caller(string keyId, IEnumerable<string> merchants, IEnumerable<string> scopes)
    {
        KeyId = keyId;
        Merchants = merchants.ToFrozenSet(StringComparer.Ordinal);
        Scopes = scopes.ToFrozenSet(StringComparer.Ordinal);
        AllMerchants = Merchants.Contains(EveryMerchant);
    }

    /// <summary>The key's id. Not a secret: fit for logs.</summary>
    public string KeyId { get; }

    /// <summary>Whether every merchant's orders are its own.</summary>
    public bool AllMerchants { get; }

    /// <summary>
    /// The merchants whose orders are its own. Says nothing when <see cref="AllMerchants"/> is set.
    /// </summary>
    public IReadOnlySet<string> Merchants { get; }

    /// <summary>What it may do.</summary>
    public IReadOnlySet<string> Scopes { get; }

    /// <summary>
    /// Whether orders of <paramref name="merchantId"/> are visible to it. Answer 404, not 403, when they are
    /// not.
    /// </summary>
    public bool MayUse(string merchantId) => AllMerchants || Merchants.Contains(merchantId);
}

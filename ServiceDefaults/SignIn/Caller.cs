using System.Collections.Frozen;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>The authenticated caller: a key, its merchants and its scopes.</summary>
public sealed class Caller
{
    /// <summary>Stands for all merchants in a key's settings.</summary>
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

    /// <summary>The key's id. Not a secret, so it may be logged.</summary>
    public string KeyId { get; }

    /// <summary>Whether it may use the orders of all merchants.</summary>
    public bool AllMerchants { get; }

    /// <summary>
    /// The merchants whose orders it may use. Meaningless when <see cref="AllMerchants"/> is set.
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

using System.Runtime.InteropServices;
using Orders.Domain;

namespace Orders.Query;

/// <summary>An id of a customer or a product as a request has it. Two merchants may use one id for two things, so that only both together name one.</summary>
/// <param name="MerchantId">Whose it is; null where the request does not say.</param>
/// <param name="Id">The merchant's own id.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OwnedId(string? MerchantId, string Id)
{
    /// <summary>Separates the two; no id has it.</summary>
    private const char Separator = '/';

    /// <summary>Reads <c>id</c> or <c>merchant_id/id</c>.</summary>
    public static bool TryRead(string text, out OwnedId id)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        id = at < 0 ? new(null, text) : new(text[..at], text[(at + 1)..]);
        return OrderLimits.IsId(id.Id) && (id.MerchantId is null || OrderLimits.IsId(id.MerchantId));
    }

    public override string ToString() => MerchantId is null ? Id : $"{MerchantId}{Separator}{Id}";
}

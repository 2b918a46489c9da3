using System.Runtime.InteropServices;
using Orders.Query.Http;

namespace Orders.Query.Owned;

/// <summary>
/// An id of a customer or a product in a request. Two merchants may use the same id, so only both ids
/// together identify one.
/// </summary>
/// <param name="MerchantId">The merchant; null when the request does not name it.</param>
/// <param name="Id">The merchant's own id.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OwnedId(string? MerchantId, string Id)
{
    /// <summary>Separates the two.</summary>
    private const char Separator = '/';

    /// <summary>
    /// Reads <c>id</c> or <c>merchant_id/id</c>, each with <c>%</c>, <c>,</c> and <c>/</c> of its own
    /// escaped as in a URL.
    /// </summary>
    public static bool TryRead(string text, out OwnedId id)
    {
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        id = at < 0 ? new(null, Uri.UnescapeDataString(text)) : new(Uri.UnescapeDataString(text[..at]), Uri.UnescapeDataString(text[(at + 1)..]));
        return id.MerchantId is { } merchantId ? TextIds.MayExist(merchantId) && TextIds.IsText(id.Id) : TextIds.MayExist(id.Id);
    }

    public override string ToString() => MerchantId is null ? TextIds.Escape(Id) : $"{TextIds.Escape(MerchantId)}{Separator}{TextIds.Escape(Id)}";
}

using Orders.Api.Body;

namespace Orders.Api.Place;

/// <summary>
/// Reads the body of a POST. Written by hand, because a deserializer stops at the first error, ignores
/// unknown and duplicate fields, and says "could not be converted to System.Decimal" to people who have
/// never seen .NET.
/// </summary>
internal static class OrderRequestReader
{
    /// <summary>Returns either a valid request or all errors.</summary>
    public static Parsed<OrderRequest> Read(ReadOnlySpan<byte> body)
    {
        var errors = new FieldErrors();
        var draft = new OrderRequestDraft(errors);
        return JsonBody.TryRead(body, draft, errors) && draft.Finish() is { } request
            ? Parsed<OrderRequest>.Of(request)
            : Parsed<OrderRequest>.Failed(errors);
    }
}

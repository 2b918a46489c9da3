using System.Collections.Frozen;
using Orders.Query.Http;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Changes;

/// <summary>The request of <c>GET /v1/changes</c>.</summary>
/// <param name="Filter">The filter, limited to what the caller may see.</param>
/// <param name="After">The last event that the client has; null to begin now.</param>
internal sealed record ChangesRequest(ChangeFilter Filter, ChangeEventId? After)
{
    public const string LastEventId = "Last-Event-ID";
    private const string LastEventIdParameter = "last_event_id";

    /// <summary>The parameters, spelled exactly.</summary>
    public static readonly IReadOnlyList<string> Parameters = ["merchant_id", "order_id", "customer_id", LastEventIdParameter];

    /// <summary>Reads the query string and <c>Last-Event-ID</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="caller">Decides which merchants' changes are visible.</param>
    /// <param name="seal">Opens the id of the last event.</param>
    /// <param name="errors">What is wrong; the request may be used only if nothing is.</param>
    public static ChangesRequest Read(HttpRequest request, Caller caller, ChangeIdSeal seal, out QueryErrors errors)
    {
        errors = new QueryErrors(request.Query, Parameters);
        var filter = new ChangeFilter
        {
            Merchants = Visible(errors.Id("merchant_id"), caller),
            OrderId = errors.OrderId("order_id"),
            CustomerId = errors.Id("customer_id"),
        };
        return new(filter, ReadAfter(request, seal, errors));
    }

    // A merchant that is not visible is answered like one without changes.
    private static IReadOnlySet<string>? Visible(string? merchantId, Caller caller) =>
        merchantId is null
            ? caller.AllMerchants ? null : caller.Merchants
            : caller.MayUse(merchantId) ? FrozenSet.ToFrozenSet([merchantId], StringComparer.Ordinal) : FrozenSet<string>.Empty;

    // A browser reconnects with the same URL; then the header is newer and wins.
    private static ChangeEventId? ReadAfter(HttpRequest request, ChangeIdSeal seal, QueryErrors errors)
    {
        var header = request.Headers[LastEventId];
        var named = string.IsNullOrEmpty(header) ? errors.Text(LastEventIdParameter) : header.ToString();
        if (named is null)
        {
            return null;
        }

        if (seal.TryOpen(named, out var after))
        {
            return after;
        }

        errors.Add(
            string.IsNullOrEmpty(header) ? LastEventIdParameter : LastEventId,
            "is not the id of an event of this feed. Send the last id that came, or leave it out to begin now.");
        return null;
    }
}

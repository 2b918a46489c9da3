using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary><c>GET /v1/orders/by-customer?ids=…</c>: the newest orders of many customers in one call.</summary>
internal static class ListByCustomer
{
    public static async Task<Results<StreamedJson<CustomerOrdersAnswer>, ProblemHttpResult>> HandleAsync(
        HttpContext http, ReadModel readModel, ListStore lists, CursorSeal seal)
    {
        var request = ByCustomerRequest.Read(http.Request.Query, out var errors);
        if (!errors.None)
            return errors.Answer();
        var (ids, ambiguous) = await Owner.FindAsync(readModel, OwnedTable.Customers, request.Ids, http.GetCaller(), http.RequestAborted);
        if (ambiguous is not null)
            return errors.Ambiguous(IdList.Parameter, ambiguous);
        var pages = await lists.ReadAsync(OwnedReads.Known(ids), request, seal, http.RequestAborted);
        return new StreamedJson<CustomerOrdersAnswer>(json => CustomerOrdersAnswer.Write(json, Arrange(request.Ids, ids, pages)));
    }

    // In the order asked; who is not known, or is another merchant's, has an entry without orders.
    private static IEnumerable<CustomerOrders> Arrange(IReadOnlyList<OwnedId> asked, IReadOnlyList<OwnedId?> found, IReadOnlyList<CustomerOrders> pages)
    {
        var byId = pages.ToDictionary(page => page.Customer);
        return asked
            .Zip(found, (id, known) => known ?? id)
            .Distinct()
            .Select(id => byId.GetValueOrDefault(id) ?? new(id, new([], NextCursor: null)));
    }
}

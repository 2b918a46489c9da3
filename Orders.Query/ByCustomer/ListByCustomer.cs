using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;
using Orders.Query.Lists;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.ByCustomer;

/// <summary>
/// <c>GET /v1/orders/by-customer?ids=…</c>: the newest orders of many customers in one call.
/// </summary>
internal static class ListByCustomer
{
    public static async Task<Results<StreamedJson<CustomerOrdersAnswer>, ProblemHttpResult>> HandleAsync(
        HttpContext http, ReadModel readModel, ByCustomerStore customers, CursorSeal seal)
    {
        var request = ByCustomerRequest.Read(http.Request.Query, out var errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), request.Asked.Ids.Count * request.LimitEach);
        var owners = await Owner.FindAsync(readModel, OwnedTable.Customers, request.Asked.Ids, http.GetCaller(), http.RequestAborted);
        if (owners.AllAreAmbiguous)
        {
            return errors.Ambiguous(IdList.Parameter, request.Asked.Ids[0]);
        }

        var pages = await customers.ReadAsync(OwnedReads.Known(owners.Found), request, seal, http.RequestAborted);
        return new StreamedJson<CustomerOrdersAnswer>(json => CustomerOrdersAnswer.Write(json, Arrange(owners, pages), owners.Problems(request.Asked)));
    }

    // In the requested order; an unknown customer, or one of another merchant, has an entry without orders.
    private static IEnumerable<CustomerOrders> Arrange(Owners owners, IReadOnlyList<CustomerOrders> pages)
    {
        var byId = pages.ToDictionary(page => page.Customer);
        return owners.Asked
            .Zip(owners.Found)
            .Where(pair => !owners.IsAmbiguous(pair.First))
            .Select(pair => pair.Second ?? pair.First)
            .Distinct()
            .Select(id => byId.GetValueOrDefault(id) ?? new(id, new([], NextCursor: null)));
    }
}

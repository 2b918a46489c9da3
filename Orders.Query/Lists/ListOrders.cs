using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.Query.Rows;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Lists;

/// <summary><c>GET /v1/orders</c>: by filters a page at a time, or by many ids at once.</summary>
internal static class ListOrders
{
    public static Task<Results<StreamedJson<OrderPage>, ProblemHttpResult>> HandleAsync(HttpContext http, ListStore lists, OrderStore orders, CursorSeal seal) =>
        http.Request.Query.ContainsKey(IdList.Parameter) ? ByIdsAsync(http, orders) : ByFiltersAsync(http, lists, seal);

    private static async Task<Results<StreamedJson<OrderPage>, ProblemHttpResult>> ByFiltersAsync(HttpContext http, ListStore lists, CursorSeal seal)
    {
        var request = ListRequest.Read(http.Request.Query, http.GetCaller(), seal, out var errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), request.Limit);
        return Answer(await lists.ReadAsync(request, seal, http.RequestAborted));
    }

    private static async Task<Results<StreamedJson<OrderPage>, ProblemHttpResult>> ByIdsAsync(HttpContext http, OrderStore orders)
    {
        var asked = ReadIds(http.Request.Query, out var errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), asked.Ids.Count);
        var found = await orders.FindAsync(asked.Ids, VisibleMerchants.Of(merchantId: null, http.GetCaller()), http.RequestAborted);
        return Answer(OrderPage.Of(found, nextCursor: null, asked.Problems));
    }

    // They cannot be combined with any other parameter.
    private static AskedIds<Guid> ReadIds(IQueryCollection query, out QueryErrors errors)
    {
        errors = new QueryErrors(query, ListRequest.Parameters);
        foreach (var name in query.Keys.Where(name => name != IdList.Parameter))
        {
            errors.Add(name, $"does not go together with {IdList.Parameter}.");
        }

        return IdList.Read<Guid>(errors, OrderIds.TryRead, OrderIds.Expected);
    }

    private static StreamedJson<OrderPage> Answer(OrderPage page) => new(page.Write);
}

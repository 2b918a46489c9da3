using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Lists;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.ByCustomer;

internal static class ByCustomerSetup
{
    public static void AddByCustomer(this IServiceCollection services) => services.AddSingleton<ByCustomerStore>();

    public static void MapByCustomer(this RouteGroupBuilder v1) =>
        v1.MapGroup("/orders").WithTags("orders").ReadsInTime().MapRead("/by-customer", ListByCustomer.HandleAsync)
            .WithName("ListOrdersByCustomer")
            .WithSummary("The newest orders of each of many customers, in one call.")
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} of customer_id or merchant_id/customer_id, with commas between.", "merchant-102/customer-7,merchant-102/customer-8")
            .WithMerchantOfId()
            .WithQuery("limit_each", JsonSchemaType.Integer, $"Orders of each, 1 to {ByCustomerRequest.MaxLimitEach}; {ByCustomerRequest.DefaultLimitEach} when left out. All together at most {ByCustomerRequest.MaxOrders}.", "10")
            .WithOrderFilters()
            .WithAnswer(ByCustomerExamples.Answer)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
}

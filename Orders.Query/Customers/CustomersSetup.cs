using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Customers;

internal static class CustomersSetup
{
    public static void AddCustomers(this IServiceCollection services) => services.AddSingleton<CustomerStore>();

    public static void MapCustomers(this RouteGroupBuilder v1)
    {
        var customers = v1.MapGroup("/customers").WithTags("customers").ReadsInTime();
        customers.MapRead("/{id}", GetCustomers.OneAsync)
            .WithName("GetCustomer")
            .WithSummary("A customer of a merchant: first and last order, counts by status, amounts by currency.")
            .WithIdExample("customer-7")
            .WithMerchantOfId()
            .WithAnswer(CustomerExamples.One)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        customers.MapRead("", GetCustomers.ManyAsync)
            .WithName("ListCustomers")
            .WithSummary("Customers by many ids, in the order asked; what does not exist is absent.")
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} of customer_id or merchant_id/customer_id, with commas between.", "merchant-102/customer-7,merchant-102/customer-8")
            .WithMerchantOfId()
            .WithAnswer(CustomerExamples.Many)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
    }
}

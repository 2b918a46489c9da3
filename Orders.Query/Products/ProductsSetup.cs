using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Owned;
using Orders.Query.Reading;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Products;

internal static class ProductsSetup
{
    public static void AddProducts(this IServiceCollection services) => services.AddSingleton<ProductStore>();

    public static void MapProducts(this RouteGroupBuilder v1)
    {
        var products = v1.MapGroup("/products").WithTags("products").ReadsInTime();
        products.MapRead("/{id}", GetProducts.OneAsync)
            .WithName("GetProduct")
            .WithSummary("A product of a merchant: its name and price as in the newest order that has it.")
            .WithIdExample("tea-250")
            .WithMerchantOfId()
            .WithAnswer(ProductExamples.One)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        products.MapRead("", GetProducts.ManyAsync)
            .WithName("ListProducts")
            .WithSummary("Products by many ids, in the order asked; what does not exist is absent.")
            .WithQuery(IdList.Parameter, JsonSchemaType.String, $"Up to {IdList.Max} of product_id or merchant_id/product_id, with commas between.", "merchant-102/tea-250,merchant-102/pot-1")
            .WithMerchantOfId()
            .WithAnswer(ProductExamples.Many)
            .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
    }
}

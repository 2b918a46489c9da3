using Microsoft.OpenApi;

namespace Orders.Query;

/// <summary>Describes in OpenAPI what handlers read from the request themselves, since the platform would not name every wrong one at once.</summary>
internal static class RouteDocs
{
    /// <summary>Describes a parameter of the query string.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description) =>
        route.WithParameter(name, ParameterLocation.Query, type, description);

    /// <summary>Describes a request header.</summary>
    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, string description) =>
        route.WithParameter(name, ParameterLocation.Header, JsonSchemaType.String, description);

    private static RouteHandlerBuilder WithParameter(
        this RouteHandlerBuilder route, string name, ParameterLocation location, JsonSchemaType type, string description) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = location,
                Description = description,
                Schema = new OpenApiSchema { Type = type },
            });
            return Task.CompletedTask;
        });
}

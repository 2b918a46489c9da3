using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>Describes in OpenAPI what handlers read from the request themselves, since the platform would not name every wrong one at once.</summary>
internal static class RouteDocs
{
    /// <summary>Describes a parameter of the query string.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description, string? example = null) =>
        route.WithParameter(name, ParameterLocation.Query, type, description, example);

    /// <summary>Describes a request header.</summary>
    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, string description, string? example = null) =>
        route.WithParameter(name, ParameterLocation.Header, JsonSchemaType.String, description, example);

    /// <summary>Describes <c>merchant_id</c> where it says whose an id is.</summary>
    public static RouteHandlerBuilder WithMerchantOfId(this RouteHandlerBuilder route) => route.WithQuery(
        OwnedIds.Merchant, JsonSchemaType.String, "Whose an id is that does not say it itself; needed where several of the key's merchants use it.", "merchant-102");

    /// <summary>Shows an id in the path.</summary>
    public static RouteHandlerBuilder WithIdExample(this RouteHandlerBuilder route, string example) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path))
        {
            parameter.Example = JsonValue.Create(example);
        }

        return Task.CompletedTask;
    });

    /// <summary>Shows an answer, and the headers that every answer has.</summary>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder route, string example) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse answer)
            {
                continue;
            }

            answer.Headers = Headers();
            if (status == "200" && answer.Content?.TryGetValue("application/json", out var content) == true)
            {
                content.Example = JsonNode.Parse(example);
            }
        }

        return Task.CompletedTask;
    });

    /// <summary>Describes and shows the errors of a route, by their statuses.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder route, params IReadOnlyList<int> statuses) => route.AddOpenApiOperationTransformer((operation, _, _) =>
    {
        operation.Responses ??= [];
        foreach (var status in statuses)
        {
            var (description, detail) = ReadExamples.Errors[status];
            operation.Responses[$"{status}"] = new OpenApiResponse
            {
                Description = description,
                Headers = Headers(),
                Content = ProblemExample.Content(
                    status, detail, status == StatusCodes.Status400BadRequest ? ("colour", "is not known here. Known are merchant_id.") : null),
            };
        }

        return Task.CompletedTask;
    });

    private static Dictionary<string, IOpenApiHeader> Headers() => new(StringComparer.Ordinal)
    {
        ["X-As-Of"] = Header("The time up to which the read model is known to be current, or unknown.", "2026-01-31T09:31:02.000Z"),
        ["X-Replication-Lag"] = Header("How far it is behind, in milliseconds, or unknown.", "0"),
    };

    private static OpenApiHeader Header(string description, string example) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create(example) };

    private static RouteHandlerBuilder WithParameter(
        this RouteHandlerBuilder route, string name, ParameterLocation location, JsonSchemaType type, string description, string? example) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = location,
                Description = description,
                Schema = new OpenApiSchema { Type = type },
                Example = example is null ? null : type == JsonSchemaType.Integer ? JsonNode.Parse(example) : JsonValue.Create(example),
            });
            return Task.CompletedTask;
        });
}

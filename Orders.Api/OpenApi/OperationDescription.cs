using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Orders.ServiceDefaults;

namespace Orders.Api.OpenApi;

/// <summary>
/// What OpenAPI cannot find out by itself: these endpoints read their bodies by hand and answer with bytes. A body is described here and not with Accepts,
/// which would also make routing refuse other media types, before the sign-in and in other words.
/// </summary>
internal static class OperationDescription
{
    public static RouteHandlerBuilder DescribeBody<T>(this RouteHandlerBuilder endpoint, string mediaType, string example) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
            AddBody(operation, mediaType, await SchemaAsync<T>(context, cancellationToken), example));

    public static RouteHandlerBuilder DescribeBody(this RouteHandlerBuilder endpoint, string mediaType, Func<OpenApiSchema> schema, string example) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            AddBody(operation, mediaType, schema(), example);
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder DescribeAnswer<T>(this RouteHandlerBuilder endpoint, int status, string mediaType, string description, string example) =>
        endpoint.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var responses = Responses(operation);
            responses[$"{status}"] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
                {
                    [mediaType] = new() { Schema = await SchemaAsync<T>(context, cancellationToken), Example = Example(mediaType, example) },
                },
            };
        });

    /// <summary>An answer of problem details, or of nothing at all.</summary>
    public static RouteHandlerBuilder DescribeAnswer(this RouteHandlerBuilder endpoint, int status, string description) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var responses = Responses(operation);
            responses[$"{status}"] = new OpenApiResponse
            {
                Description = description,
                Content = status < StatusCodes.Status400BadRequest
                    ? null
                    : ProblemExample.Content(status, description, status == StatusCodes.Status400BadRequest ? ("amount", "must be more than 0") : null),
            };
            return Task.CompletedTask;
        });

    public static RouteHandlerBuilder DescribeHeader(this RouteHandlerBuilder endpoint, string name, string description, string example) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                Example = JsonValue.Create(example),
            });
            return Task.CompletedTask;
        });

    private static void AddBody(OpenApiOperation operation, string mediaType, OpenApiSchema schema, string example)
    {
        var content = operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        content[mediaType] = new() { Schema = schema, Example = Example(mediaType, example) };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    // The platform puts a bare 200 where it sees no other answer.
    private static OpenApiResponses Responses(OpenApiOperation operation)
    {
        operation.Responses ??= [];
        if (operation.Responses.TryGetValue("200", out var assumed) && assumed.Content is not { Count: > 0 })
        {
            _ = operation.Responses.Remove("200");
        }

        return operation.Responses;
    }

    private static async Task<OpenApiSchema> SchemaAsync<T>(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(T), parameterDescription: null, cancellationToken);
        TellNumbers(schema);
        return schema;
    }

    /// <summary>
    /// The platform says of a decimal that it is a double, and of every number that it may also be a string. A client generated from that would lose money
    /// and get a 400.
    /// </summary>
    private static void TellNumbers(IOpenApiSchema schema)
    {
        const JsonSchemaType numbers = JsonSchemaType.Number | JsonSchemaType.Integer;
        if (schema is OpenApiSchema { Type: { } type } number && (type & numbers) != default)
        {
            number.Type = type & ~JsonSchemaType.String;
            number.Pattern = null;
            number.Format = null;
        }

        foreach (var property in schema.Properties?.Values ?? [])
        {
            TellNumbers(property);
        }

        if (schema.Items is { } items)
        {
            TellNumbers(items);
        }
    }

    private static JsonNode? Example(string mediaType, string text) =>
        mediaType == "application/json" ? JsonNode.Parse(text) : JsonValue.Create(text);
}

using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.OpenApi;

namespace Orders.ServiceDefaults.OpenApi;

/// <summary>
/// Describes in OpenAPI what the platform cannot detect: handlers read parameters and bodies themselves, to
/// report all errors at once, and respond with bytes. A body is described here and not with Accepts, because
/// Accepts makes routing reject other media types before the authentication, with another body.
/// </summary>
public static class OperationDocs
{
    private const string Json = "application/json";

    /// <summary>Describes a parameter of the query string.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder route, string name, JsonSchemaType type, string description, string? example = null) =>
        route.WithParameter(name, ParameterLocation.Query, type, description, example);

    /// <summary>Describes a request header.</summary>
    public static RouteHandlerBuilder WithHeader(this RouteHandlerBuilder route, string name, string description, string? example = null) =>
        route.WithParameter(name, ParameterLocation.Header, JsonSchemaType.String, description, example);

    /// <summary>Shows an id in the path.</summary>
    public static RouteHandlerBuilder WithIdExample(this RouteHandlerBuilder route, string example) => route.Describe(operation =>
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.In == ParameterLocation.Path))
        {
            parameter.Example = JsonValue.Create(example);
        }
    });

    /// <summary>Describes and shows a body of the request.</summary>
    /// <typeparam name="T">The type of the body.</typeparam>
    public static RouteHandlerBuilder WithBody<T>(this RouteHandlerBuilder route, string mediaType, string example) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
            AddBody(operation, mediaType, await context.GetOrCreateSchemaAsync(typeof(T), parameterDescription: null, cancellationToken), example));

    /// <summary>The same for a body without a type.</summary>
    public static RouteHandlerBuilder WithBody(this RouteHandlerBuilder route, string mediaType, Func<OpenApiSchema> schema, string example) =>
        route.Describe(operation => AddBody(operation, mediaType, schema(), example));

    /// <summary>Describes a response, with an example.</summary>
    /// <typeparam name="T">The type of its body.</typeparam>
    public static RouteHandlerBuilder WithAnswer<T>(this RouteHandlerBuilder route, int status, string mediaType, string description, string example) =>
        route.AddOpenApiOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var schema = await context.GetOrCreateSchemaAsync(typeof(T), parameterDescription: null, cancellationToken);
            var content = new OpenApiMediaType { Schema = schema, Example = Example(mediaType, example) };
            AddAnswer(operation, status, description, new(StringComparer.Ordinal) { [mediaType] = content });
        });

    /// <summary>Describes a response without a body.</summary>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder route, int status, string description) =>
        route.Describe(operation => AddAnswer(operation, status, description, content: null));

    /// <summary>Adds an example to the response that the handler's type describes.</summary>
    public static RouteHandlerBuilder WithAnswerExample(this RouteHandlerBuilder route, string example) => route.Describe(operation =>
    {
        if (operation.Responses?.TryGetValue("200", out var answer) == true && answer.Content?.TryGetValue(Json, out var content) == true)
        {
            content.Example = JsonNode.Parse(example);
        }
    });

    /// <summary>Describes headers of all responses that are described so far.</summary>
    public static RouteHandlerBuilder WithAnswerHeaders(this RouteHandlerBuilder route, params IReadOnlyList<(string Name, string Description, string Example)> headers) =>
        route.Describe(operation =>
        {
            foreach (var answer in (operation.Responses ?? []).Values.OfType<OpenApiResponse>())
            {
                answer.Headers = headers.ToDictionary(header => header.Name, IOpenApiHeader (header) => Header(header.Description, header.Example), StringComparer.Ordinal);
            }
        });

    /// <summary>Describes an error, with an example.</summary>
    /// <param name="route">The route.</param>
    /// <param name="status">Its status, from 400.</param>
    /// <param name="description">When it is sent.</param>
    /// <param name="detail">Its detail; the description by default.</param>
    /// <param name="errors">For a 400: an invalid field and its message.</param>
    public static RouteHandlerBuilder WithProblem(
        this RouteHandlerBuilder route, int status, string description, string? detail = null, (string Field, string Message)? errors = null) =>
        route.Describe(operation => AddAnswer(operation, status, description, ProblemExample.Content(status, detail ?? description, errors)));

    private static RouteHandlerBuilder WithParameter(
        this RouteHandlerBuilder route, string name, ParameterLocation location, JsonSchemaType type, string description, string? example) =>
        route.Describe(operation =>
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
        });

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, Action<OpenApiOperation> describe) =>
        route.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            describe(operation);
            return Task.CompletedTask;
        });

    private static void AddBody(OpenApiOperation operation, string mediaType, OpenApiSchema schema, string example)
    {
        var content = operation.RequestBody?.Content ?? new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        content[mediaType] = new() { Schema = schema, Example = Example(mediaType, example) };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    private static void AddAnswer(OpenApiOperation operation, int status, string description, Dictionary<string, OpenApiMediaType>? content)
    {
        operation.Responses ??= [];
        // The platform adds a bare 200 if it sees no other response.
        if (operation.Responses.TryGetValue("200", out var assumed) && assumed.Content is not { Count: > 0 })
        {
            _ = operation.Responses.Remove("200");
        }

        operation.Responses[$"{status}"] = new OpenApiResponse { Description = description, Content = content };
    }

    private static OpenApiHeader Header(string description, string example) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = JsonValue.Create(example) };

    private static JsonNode? Example(string mediaType, string text) => mediaType == Json ? JsonNode.Parse(text) : JsonValue.Create(text);
}

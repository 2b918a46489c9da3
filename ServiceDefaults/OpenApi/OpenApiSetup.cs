using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Orders.ServiceDefaults.SignIn;

namespace Orders.ServiceDefaults.OpenApi;

internal static class OpenApiSetup
{
    public const string Document = "v1";

    public const string Basic = "basic";
    private const string ApiKey = "apiKey";
    private const string Bearer = "bearer";

    public static void AddOpenApiDocument(this WebApplicationBuilder builder, string serviceName) =>
        builder.Services.AddOpenApi(Document, options =>
        {
            options.AddNumbers();
            options.AddTexts();
            options.CreateSchemaReferenceId = NameOf;
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = serviceName;
                document.Info.Version = Document;
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
                {
                    [Basic] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic", Description = "The key's id and secret." },
                    [ApiKey] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.ApiKey,
                        In = ParameterLocation.Header,
                        Name = CredentialReader.ApiKeyHeader,
                        Description = "The key's id and secret with a dot between: id.secret.",
                    },
                    [Bearer] = new OpenApiSecurityScheme
                    {
                        Type = SecuritySchemeType.Http,
                        Scheme = "bearer",
                        BearerFormat = "JWT",
                        Description = "A token of the OpenID Connect issuer, where the service has one (Orders__Oidc__Authority).",
                    },
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) =>
            {
                var requirements = context.Description.ActionDescriptor.EndpointMetadata.OfType<AuthorizationPolicy>().SelectMany(policy => policy.Requirements).ToList();
                var scopes = requirements.OfType<ScopeRequirement>().Select(requirement => requirement.Scope).ToList();
                if (scopes is not [])
                {
                    // Two entries are alternatives: one of them is enough.
                    operation.Security =
                    [
                        new() { [new OpenApiSecuritySchemeReference(Basic, context.Document)] = scopes },
                        new() { [new OpenApiSecuritySchemeReference(ApiKey, context.Document)] = scopes },
                        new() { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = scopes },
                    ];
                    operation.Responses ??= [];
                    Add(operation.Responses, 401, "No key, or a wrong one.");
                    var lacks = $"The key lacks the scope {string.Join(", ", scopes)}";
                    if (requirements.OfType<AllMerchantsRequirement>().FirstOrDefault() is { } all)
                    {
                        Add(operation.Responses, 403, $"{lacks}, or does not belong to all merchants.", all.Detail);
                    }
                    else
                    {
                        Add(operation.Responses, 403, $"{lacks}.");
                    }

                    Add(operation.Responses, 429, "More requests than the key's rate limit lets through. See Retry-After.");
                }
                return Task.CompletedTask;
            });
        });

    public static void MapOpenApiDocument(this WebApplication app) => app.MapOpenApi().AllowAnonymous();

    // Types inside of two types may have one name, and would be one schema: that of whichever came first.
    private static string? NameOf(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is { } name ? $"{(Nullable.GetUnderlyingType(type.Type) ?? type.Type).DeclaringType?.Name}{name}" : null;

    private static void Add(OpenApiResponses responses, int status, string description, string? detail = null) =>
        responses.TryAdd($"{status}", new OpenApiResponse { Description = description, Content = ProblemExample.Content(status, detail ?? description) });
}

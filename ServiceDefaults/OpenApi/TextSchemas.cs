using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Orders.ServiceDefaults.OpenApi;

/// <summary>
/// Describes types with their own converter that are strings in the JSON: the platform leaves their schema
/// empty, which allows anything.
/// </summary>
public static class TextSchemas
{
    /// <summary>Describes a type whose converter writes a string.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="words">All the strings there are; none for any.</param>
    public static IServiceCollection AddTextSchema<T>(this IServiceCollection services, params IReadOnlyList<string> words) => services.Configure<OpenApiOptions>(
        OpenApiSetup.Document,
        options => options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(T))
            {
                schema.Type = JsonSchemaType.String;
                schema.Enum = words is [] ? null : [.. words.Select(word => (JsonNode)word)];
            }

            return Task.CompletedTask;
        }));

    // A time has a format and, with a converter of its own, no type.
    internal static void AddTexts(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        if (schema is { Format: not null, Type: null })
        {
            schema.Type = JsonSchemaType.String | (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is null ? default : JsonSchemaType.Null);
        }

        return Task.CompletedTask;
    });
}

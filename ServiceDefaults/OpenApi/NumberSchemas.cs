using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Orders.ServiceDefaults.OpenApi;

/// <summary>
/// Describes numbers in the OpenAPI document as they are in the JSON. The platform describes a decimal as a
/// double, and every number as possibly a string: a generated client would lose digits, or send rejected
/// values. It does not describe types with their own converter.
/// </summary>
public static class NumberSchemas
{
    private static readonly HashSet<Type> Integers = [typeof(int), typeof(long)];

    /// <summary>Describes a type whose converter writes a number.</summary>
    /// <typeparam name="T">The type.</typeparam>
    public static IServiceCollection AddNumberSchema<T>(this IServiceCollection services) => services.Configure<OpenApiOptions>(
        OpenApiSetup.Document,
        options => options.AddSchemaTransformer((schema, context, _) =>
        {
            if (TypeOf(context) == typeof(T))
            {
                (schema.Type, schema.Format, schema.Pattern) = (JsonSchemaType.Number | Null(schema), null, null);
            }

            return Task.CompletedTask;
        }));

    internal static void AddNumbers(this OpenApiOptions options) => options.AddSchemaTransformer((schema, context, _) =>
    {
        var type = TypeOf(context);
        if (type == typeof(decimal))
        {
            (schema.Type, schema.Format, schema.Pattern) = (JsonSchemaType.Number | Null(schema), null, null);
        }
        else if (type == typeof(double))
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.Number | Null(schema), null);
        }
        else if (Integers.Contains(type))
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.Integer | Null(schema), null);
        }

        return Task.CompletedTask;
    });

    private static Type TypeOf(OpenApiSchemaTransformerContext context) => Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;

    private static JsonSchemaType Null(OpenApiSchema schema) => (schema.Type ?? default) & JsonSchemaType.Null;
}

using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Orders.ServiceDefaults.OpenApi;

/// <summary>
/// Numbers in the OpenAPI document, as they are written. The platform says of a decimal that it is a double,
/// and of every number that it may also be a string: a client generated from that would lose digits, or send
/// what is refused. Of a type that writes itself the platform says nothing.
/// </summary>
public static class NumberSchemas
{
    private static readonly HashSet<Type> Integers = [typeof(int), typeof(long)];

    /// <summary>Describes a type that writes itself as a number.</summary>
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

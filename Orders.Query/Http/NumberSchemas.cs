using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orders.Query;

/// <summary>
/// Numbers in the OpenAPI document. The platform says of a decimal that it is a double, and of every number that it may also be a string: a client generated from that would
/// lose digits. Of a type that writes itself it says nothing.
/// </summary>
internal static class NumberSchemas
{
    /// <summary>Describes numbers as they are written.</summary>
    public static void AddNumberSchemas(this IServiceCollection services) => services.Configure<OpenApiOptions>("v1", options => options.AddSchemaTransformer((schema, context, _) =>
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(decimal) || type == typeof(ExactNumber))
        {
            (schema.Type, schema.Format, schema.Pattern) = (JsonSchemaType.Number | Null(schema), null, null);
        }
        else if (type == typeof(long) || type == typeof(int))
        {
            (schema.Type, schema.Pattern) = (JsonSchemaType.Integer | Null(schema), null);
        }

        return Task.CompletedTask;
    }));

    private static JsonSchemaType Null(OpenApiSchema schema) => (schema.Type ?? default) & JsonSchemaType.Null;
}

using Microsoft.OpenApi;
using Orders.Domain.Fields;

namespace Orders.Api.OpenApi;

/// <summary>The schema of an order to be placed, from the one declaration of an order.</summary>
internal static class OrderSchema
{
    /// <summary>An order.</summary>
    public static OpenApiSchema Order()
    {
        var order = Object(OrderFields.Columns);
        order.Description = "An order to be placed.";
        order.Properties![OrderFields.Items.Name] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Object(LineFields.Columns), Description = Words(OrderFields.Items.Request) };
        // Optional if there are lines.
        order.Required!.Remove(OrderFields.Amount.Name);
        return order;
    }

    /// <summary>Several orders.</summary>
    public static OpenApiSchema Orders() => new() { Type = JsonSchemaType.Array, Items = Order() };

    private static OpenApiSchema Object<TRow>(IEnumerable<Field<TRow>> fields)
    {
        var schema = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal),
            Required = new HashSet<string>(StringComparer.Ordinal),
        };
        foreach (var field in fields.Where(field => field.IsInRequest))
        {
            schema.Properties[field.Name] = new OpenApiSchema { Type = TypeOf(field), Description = Words(field.Rule.Request) };
            if (field.Rule.IsRequired)
            {
                schema.Required.Add(field.Name);
            }
        }

        return schema;
    }

    // Numbers without a format: with "double" a client would lose digits.
    private static JsonSchemaType TypeOf<TRow>(Field<TRow> field) =>
        (field.Column switch
        {
            ColumnType.Numeric => JsonSchemaType.Number,
            ColumnType.Integer or ColumnType.Bigint => JsonSchemaType.Integer,
            _ => JsonSchemaType.String,
        })
        | (field.Rule.IsRequired ? default : JsonSchemaType.Null);

    private static string Words(string? rule) => rule is null ? "" : $"{char.ToUpperInvariant(rule[0])}{rule[1..]}.";
}

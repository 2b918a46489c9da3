using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DynamoStreams.Postgres.Mapping;

/// <summary>
/// How items are read where nothing else is chosen: a missing member is an error that names it, not a silent
/// zero.
/// </summary>
internal static class MappedOptions
{
    public static JsonSerializerOptions Of<T>() => new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new ExactDecimalConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireMembers<T> } },
    };

    private static void RequireMembers<T>(JsonTypeInfo type)
    {
        if (type.Type != typeof(T))
        {
            return;
        }

        foreach (var member in type.Properties.Where(member => !member.IsExtensionData && (member.Set is not null || member.AssociatedParameter is not null)))
        {
            member.IsRequired = member.AssociatedParameter?.HasDefaultValue != true && !IsNullable(member);
        }
    }

    private static bool IsNullable(JsonPropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null
        || (member.AttributeProvider is PropertyInfo property && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.Nullable);
}

using System.Diagnostics.CodeAnalysis;

namespace Orders.Api.Body;

/// <summary>The value of a body, or its errors.</summary>
internal readonly record struct Parsed<T>(T? Value, FieldErrors? Errors)
    where T : class
{
    public static Parsed<T> Of(T value) => new(value, null);

    public static Parsed<T> Failed(FieldErrors errors) => new(null, errors);

    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out FieldErrors? errors)
    {
        (value, errors) = (Value, Errors);
        return value is not null;
    }
}

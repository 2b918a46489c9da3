using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Orders.Infra.Settings;

/// <summary>
/// One parameter of the stack: a property of <see cref="OrdersStackSettings"/>, by the name that the
/// operator types.
/// </summary>
/// <param name="property">The property.</param>
internal sealed class SettingsParameter(PropertyInfo property)
{
    private readonly ValidationAttribute[] _rules = [.. property.GetCustomAttributes<ValidationAttribute>()];

    /// <summary>Every parameter.</summary>
    public static IReadOnlyList<SettingsParameter> All { get; } =
        [.. typeof(OrdersStackSettings).GetProperties().Where(property => property.CanWrite).Select(property => new SettingsParameter(property))];

    /// <summary>For example <c>tableName</c>.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>Parses a text into the property of the settings.</summary>
    /// <exception cref="StackSettingException">The text is invalid.</exception>
    public void Read(OrdersStackSettings settings, string text) => property.SetValue(settings, Parse(text));

    /// <summary>Applies the rules of this parameter alone.</summary>
    /// <exception cref="StackSettingException">It breaks a rule.</exception>
    public void Check(OrdersStackSettings settings)
    {
        var value = property.GetValue(settings);
        if (Array.Find(_rules, rule => value is "" || !rule.IsValid(value)) is not { } broken)
        {
            return;
        }

        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        throw broken is RangeAttribute range
            ? new StackSettingException(Name, $"{text} is out of range.", FormattableString.Invariant($"It is a number from {range.Minimum} to {range.Maximum}."))
            : new StackSettingException(Name, $"'{text}' cannot be used.", $"It is {broken.ErrorMessage}.");
    }

    private object Parse(string text)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type == typeof(string) ? text
            : type == typeof(int) ? Whole(text)
            : type == typeof(double) ? Number(text)
            : type == typeof(bool) ? YesOrNo(text)
            : type == typeof(KeyHash) ? KeyHash.TryParse(text) ?? throw Wrong("It is not a key.", KeyHash.WayOut)
            : type == typeof(IReadOnlyList<string>) ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : throw new NotSupportedException($"{Name} is of type {type}, for which there is no parser.");
    }

    private int Whole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number : throw Wrong($"'{text}' is no whole number.", "Correct it or leave it out.");

    private double Number(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number : throw Wrong($"'{text}' is no number.", "Correct it, with a point for decimals, or leave it out.");

    private bool YesOrNo(string text) => bool.TryParse(text, out var answer)
        ? answer : throw Wrong($"'{text}' is neither true nor false.", "Correct it or leave it out.");

    private StackSettingException Wrong(string problem, string wayOut) => new(Name, problem, wayOut);
}

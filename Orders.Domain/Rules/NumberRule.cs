using System.Globalization;

namespace Orders.Domain.Rules;

/// <summary>The rule of a number.</summary>
public sealed record NumberRule
{
    /// <summary>The smallest.</summary>
    public decimal Least { get; init; }

    /// <summary>Whether the bound is exclusive.</summary>
    public bool IsMore { get; init; }

    /// <summary>The largest.</summary>
    public required decimal Most { get; init; }

    /// <summary>
    /// The most decimals, without trailing zeros; 0 for a whole number; null when another rule counts them.
    /// </summary>
    public int? Digits { get; init; }

    /// <summary>Finds what is wrong with a number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>Words that follow the field's name; null for a valid number.</returns>
    public string? Problem(decimal number) => this switch
    {
        { Digits: 0 } => number < Least || number > Most || decimal.Truncate(number) != number ? string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {Least} to {Most}") : null,
        _ when IsMore && number <= Least => string.Create(CultureInfo.InvariantCulture, $"must be more than {Least}"),
        _ when number < Least => string.Create(CultureInfo.InvariantCulture, $"must not be less than {Least}"),
        _ when number > Most => string.Create(CultureInfo.InvariantCulture, $"must be at most {Most}"),
        { Digits: { } digits } when number.Scale > digits && decimal.Round(number, digits) != number => string.Create(CultureInfo.InvariantCulture, $"has too many decimal digits: at most {digits}"),
        _ => null,
    };

    /// <summary>The rule in words.</summary>
    public override string ToString()
    {
        var range = Digits == 0
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {Least} to {Most}")
            : string.Create(CultureInfo.InvariantCulture, $"{(IsMore ? "more than " : "from ")}{Least}{(IsMore ? ", at most " : " to ")}{Most}");
        return Digits is > 0 ? string.Create(CultureInfo.InvariantCulture, $"{range}, with at most {Digits} digits behind the point") : range;
    }
}

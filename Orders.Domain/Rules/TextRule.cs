using System.Globalization;

namespace Orders.Domain.Rules;

/// <summary>The rule of a text.</summary>
public sealed record TextRule
{
    /// <summary>An id that needs no escaping in a key, a URL or a log line.</summary>
    public static readonly TextRule PlainId = new() { Longest = 128, IsPlain = true };

    /// <summary>An id from another system: an e-mail address, a path, a number with punctuation.</summary>
    public static readonly TextRule AnyId = new() { Longest = 128 };

    /// <summary>A name in a request.</summary>
    public static readonly TextRule Name = new() { Longest = 200 };

    /// <summary>Any text that Postgres can hold.</summary>
    public static readonly TextRule Any = new() { IsFree = true };

    private static readonly string[] Words = ["must not be empty", "must not hold control characters", "may hold letters, digits and . _ : @ - only", "must not hold a NUL character"];

    /// <summary>The most characters; <see cref="int.MaxValue"/> for no bound but the item's.</summary>
    public int Longest { get; private init; } = int.MaxValue;

    private bool IsPlain { get; init; }

    private bool IsFree { get; init; }

    /// <summary>Finds what is wrong with a text. Allocates nothing for a valid one.</summary>
    /// <param name="text">UTF-16.</param>
    /// <returns>Words that follow the field's name; null for a valid text.</returns>
    public string? Problem(ReadOnlySpan<char> text)
    {
        if (IsFree)
        {
            return text.Contains('\0') ? Words[3] : null;
        }

        if (text.IsWhiteSpace())
        {
            return Words[0];
        }

        if (text.Length > Longest)
        {
            return string.Create(CultureInfo.InvariantCulture, $"must have at most {Longest} characters");
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return Words[1];
            }

            if (IsPlain && !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '@' or '-'))
            {
                return Words[2];
            }
        }

        return null;
    }

    /// <summary>Whether a text is valid.</summary>
    /// <param name="text">UTF-16.</param>
    public bool Allows(ReadOnlySpan<char> text) => Problem(text) is null;

    /// <summary>The rule in words.</summary>
    public override string ToString() => (IsFree, IsPlain) switch
    {
        (true, _) => "any text without NUL",
        (_, true) => $"1 to {Longest} letters, digits or any of `. _ : @ -`",
        _ => $"1 to {Longest} characters, not all white space, none a control character",
    };
}

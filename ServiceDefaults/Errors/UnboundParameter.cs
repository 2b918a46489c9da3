using System.Text.RegularExpressions;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// A parameter that the platform could not bind. The platform's message (<c>Failed to bind parameter "long
/// after" from "y".</c>) would reach the client and names a C# type; here it is replaced by the parameter's
/// name.
/// </summary>
internal static partial class UnboundParameter
{
    /// <summary>Parses the platform's message.</summary>
    /// <param name="message">The message of the exception.</param>
    /// <returns>The parameter and what is wrong with it; null for another message.</returns>
    public static (string Name, string Problem)? Find(string message)
    {
        if (Words().Match(message) is not { Success: true } words)
        {
            return null;
        }

        var expected = words.Groups["type"].Value.TrimEnd('?') switch
        {
            "Nullable<Guid>" or "Guid" => "is not a UUID.",
            "Nullable<long>" or "Nullable<int>" or "long" or "int" => "is not a whole number.",
            "Nullable<bool>" or "bool" => "is neither true nor false.",
            _ => "cannot be read.",
        };
        return (words.Groups["name"].Value, expected);
    }

    [GeneratedRegex("""^Failed to bind parameter "(?<type>\S+) (?<name>\w+)" from """, RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Words();
}

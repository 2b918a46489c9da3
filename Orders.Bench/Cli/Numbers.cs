using System.CommandLine;
using System.Globalization;

namespace Orders.Bench.Cli;

/// <summary>Options that are whole numbers.</summary>
internal static class Numbers
{
    /// <summary>An option with its range, which a wrong value is told.</summary>
    public static Option<int> Option(string name, string description, int normal, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "n", DefaultValueFactory = _ => normal };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var number) || number < least || number > most))
            {
                result.AddError($"{name} takes a number from {least} to {most}, not '{result.Tokens[0].Value}'.");
            }
        });
        return option;
    }
}

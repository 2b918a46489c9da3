using System.Globalization;

namespace Orders.AppHost.Commands;

/// <summary>The arguments that a command was given.</summary>
/// <param name="inputs">The inputs; null for none.</param>
internal sealed class InputValues(InteractionInputCollection? inputs)
{
    /// <summary>A whole number; the default if nothing was given.</summary>
    public int Number(string name, int usual) => int.TryParse(Text(name), CultureInfo.InvariantCulture, out var number) ? number : usual;

    /// <summary>Yes or no; no if nothing was given.</summary>
    public bool Flag(string name) => bool.TryParse(Text(name), out var flag) && flag;

    private string? Text(string name) => inputs is not null && inputs.TryGetByName(name, out var input) ? input.Value : null;

    /// <summary>Validates a whole number, for <see cref="CommandOptions.ValidateArguments"/>.</summary>
    /// <param name="context">What was given.</param>
    /// <param name="name">Which argument.</param>
    /// <param name="least">The smallest allowed value.</param>
    /// <param name="most">The largest allowed value.</param>
    public static void CheckNumber(InputsDialogValidationContext context, string name, int least, int most)
    {
        if (context.Inputs.TryGetByName(name, out var input) && !string.IsNullOrEmpty(input.Value)
            && !(int.TryParse(input.Value, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most))
        {
            context.AddValidationError(input, $"Give a whole number from {least} to {most}.");
        }
    }
}

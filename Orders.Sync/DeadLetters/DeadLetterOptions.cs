using System.CommandLine;

namespace Orders.Sync.DeadLetters;

/// <summary>The options that name dead letters.</summary>
internal static class DeadLetterOptions
{
    public static Option<long?> Id() => new("--id") { Description = "One dead letter, by its number.", HelpName = "number" };

    public static Option<Guid?> Order() => new("--order") { Description = "Those of an order.", HelpName = "order_id" };

    public static Option<string?> Merchant() => new("--merchant") { Description = "Those of a merchant.", HelpName = "merchant_id" };

    /// <summary>Says that at most, or exactly, one of the options must be given.</summary>
    public static void AllowOne(Command command, bool required, params Option[] options) => command.Validators.Add(result =>
    {
        var names = string.Join(", ", options.Select(option => option.Name));
        var given = options.Count(option => result.GetResult(option) is { Implicit: false });
        if (given > 1)
            result.AddError($"Give only one of {names}.");
        else if (given == 0 && required)
            result.AddError($"Give one of {names}.");
    });
}

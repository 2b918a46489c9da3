using System.CommandLine;

namespace Orders.Sync.DeadLetters;

/// <summary>The options that name dead letters.</summary>
internal static class DeadLetterOptions
{
    public static Option<long?> Id() => new("--id") { Description = "One dead letter, by its number.", HelpName = "number" };

    public static Option<string?> Order()
    {
        var order = new Option<string?>("--order") { Description = "Those of an order, by its id in the letters that its item has.", HelpName = "order_id" };
        order.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !DeadLetterFilter.IsOrderId(text))
                result.AddError($"--order takes the id of an order, a UUID; '{text}' is none. One that has no such id is named by --id.");
        });
        return order;
    }

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

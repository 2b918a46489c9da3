using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.DeadLetters;

/// <summary>The options that name dead letters.</summary>
internal static class DeadLetterOptions
{
    public static Option<long?> Id() => new("--id") { Description = "One dead letter, by its number.", HelpName = "number" };

    public static Option<string?> Order() =>
        new("--order") { Description = "Those of an order, by its id in the letters that its item has.", HelpName = "order_id" };

    /// <summary>Reports what is wrong with the value of <c>--order</c>.</summary>
    /// <returns>Whether it is not the id of an order.</returns>
    public static async Task<bool> RefuseAsync(CommandContext context, string? order, CancellationToken cancellationToken)
    {
        if (order is null || OrderIdCheck.IsOrderId(order))
        {
            return false;
        }

        var wayOut = await context.Services.GetRequiredService<OrderIdCheck>().WayOutAsync(order, merchants: null, "--id", cancellationToken);
        await context.Terminal.Error.WriteLineAsync(PlainText.Of($"--order takes the id of an order, a UUID; '{order}' is none. {wayOut}"));
        return true;
    }

    public static Option<string?> Merchant() => new("--merchant") { Description = "Those of a merchant.", HelpName = "merchant_id" };

    /// <summary>Requires at most, or exactly, one of the options.</summary>
    public static void AllowOne(Command command, bool required, params Option[] options) => command.Validators.Add(result =>
    {
        var names = string.Join(", ", options.Select(option => option.Name));
        var given = options.Count(option => result.GetResult(option) is { Implicit: false });
        if (given > 1)
        {
            result.AddError($"Give only one of {names}.");
        }
        else if (given == 0 && required)
        {
            result.AddError($"Give one of {names}.");
        }
    });
}

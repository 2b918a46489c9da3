using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Warehouse.Compacting;

/// <summary><c>forget</c></summary>
internal static class ForgetCommand
{
    private const int Named = 5;

    /// <summary>Makes the command.</summary>
    public static Command Create(CommandRunner runner)
    {
        var orders = new Option<Guid[]>("--order") { Description = "An order; may be given more than once.", AllowMultipleArgumentsPerToken = true };
        var customer = new Option<string?>("--customer") { Description = "All orders that ever had this customer." };
        var command = new Command(
            "forget",
            "Erase orders from the log, with every version and the raw items: the files that hold them are written anew. Delete the orders first. The replaced files are gone ten minutes later.")
        {
            orders, customer,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(orders) is not { Length: > 0 } && string.IsNullOrEmpty(result.GetValue(customer)))
            {
                result.AddError("Name what to forget: --order <id> or --customer <id>.");
            }
        });
        command.SetAction((parsed, cancellationToken) => runner.RunAsync((context, token) => RunAsync(context, parsed.GetValue(orders) ?? [], parsed.GetValue(customer), token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Guid[] named, string? customer, CancellationToken cancellationToken)
    {
        var erasure = context.Services.GetRequiredService<Erasure>();
        Guid[] orders = [.. named.Concat(string.IsNullOrEmpty(customer) ? [] : await erasure.OrdersOfAsync(customer, cancellationToken)).Distinct()];
        if (orders.Length == 0)
        {
            await context.Terminal.Out.WriteLineAsync("No order of that customer is in the log.");
            return ExitCodes.Done;
        }

        if (await erasure.StillThereAsync(orders, cancellationToken) is { Count: > 0 } there)
        {
            await context.Terminal.Error.WriteLineAsync(
                $"{there.Count} of {orders.Length} orders are still in DynamoDB, so their next change would bring them back: {string.Join(", ", there.Take(Named))}{(there.Count > Named ? ", …" : "")}. Delete them first; nothing was erased.");
            return ExitCodes.Failed;
        }

        var (rows, lines, left) = await erasure.RunAsync(orders, day => context.Terminal.Error.WriteLineAsync($"{day:yyyy-MM-dd}: written anew"), cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"{orders.Length} orders: {rows} rows and {lines} lines of the quarantine are erased. The files that held them are deleted ten minutes from now, by the service or by 'compact'.");
        if (left.Count == 0)
        {
            return ExitCodes.Done;
        }

        await context.Terminal.Error.WriteLineAsync($"Not erased, since files were on their way all the time: {string.Join(", ", left.Select(day => $"{day:yyyy-MM-dd}"))}. Run it again.");
        return ExitCodes.Failed;
    }
}

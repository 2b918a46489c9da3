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
        var orders = new Option<string[]>("--order") { Description = "An order; may be given more than once.", AllowMultipleArgumentsPerToken = true };
        var customer = new Option<string?>("--customer") { Description = "All orders that ever had this customer." };
        var merchant = new Option<string?>("--merchant") { Description = "The merchant whose customer that is: two merchants may use one id for two people." };
        var command = new Command(
            "forget",
            "Erase orders from the log, with every version and the raw items: the files that hold them are written anew. Delete the orders first. The replaced files are gone ten minutes later.")
        {
            orders, customer, merchant,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(orders) is not { Length: > 0 } && string.IsNullOrEmpty(result.GetValue(customer)))
            {
                result.AddError("Name what to forget: --order <id> or --customer <id>.");
            }

            foreach (var wrong in (result.GetValue(orders) ?? []).Where(order => !Guid.TryParse(order, out _)))
            {
                result.AddError($"--order: '{wrong}' is not the id of an order, which is a UUID.");
            }
        });
        command.SetAction((parsed, cancellationToken) => runner.RunAsync((context, token) => RunAsync(context, [.. (parsed.GetValue(orders) ?? []).Select(Guid.Parse)], parsed.GetValue(customer), parsed.GetValue(merchant), token), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Guid[] named, string? customer, string? merchant, CancellationToken cancellationToken)
    {
        var erasure = context.Services.GetRequiredService<Erasure>();
        var found = string.IsNullOrEmpty(customer) ? [] : await erasure.OrdersOfAsync(customer, merchant, cancellationToken);
        if (found.Select(each => each.Merchant).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is { Count: > 1 } merchants)
        {
            await context.Terminal.Error.WriteLineAsync(
                $"{merchants.Count} merchants have a customer of this id, who need not be one person: {string.Join(", ", merchants.Take(Named))}{(merchants.Count > Named ? ", …" : "")}. Say whose it is with --merchant; nothing was erased.");
            return ExitCodes.Failed;
        }

        Guid[] orders = [.. named.Concat(found.Select(each => each.Order)).Distinct()];
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

        if (await erasure.StillOnTheirWayAsync(orders, cancellationToken) is { Count: > 0 } coming)
        {
            await context.Terminal.Error.WriteLineAsync(
                $"The deletion of {coming.Count} of {orders.Length} orders has not come into the log yet, and would bring back what it held: {string.Join(", ", coming.Take(Named))}{(coming.Count > Named ? ", …" : "")}. Run the command again when 'status' is less behind; nothing was erased.");
            return ExitCodes.Failed;
        }

        var (rows, lines, left) = await erasure.RunAsync(orders, day => context.Terminal.Error.WriteLineAsync($"{day:yyyy-MM-dd}: written anew"), cancellationToken);
        await context.Terminal.Out.WriteLineAsync($"Orders: {orders.Length}. Erased: {rows} rows, and {lines} lines of the quarantine. The files that held them are deleted ten minutes from now, by the service or by 'compact'.");
        if (left.Count == 0)
        {
            return ExitCodes.Done;
        }

        await context.Terminal.Error.WriteLineAsync($"Not erased, since files were on their way all the time: {string.Join(", ", left.Select(day => $"{day:yyyy-MM-dd}"))}. Run it again.");
        return ExitCodes.Failed;
    }
}

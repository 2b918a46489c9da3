using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.DeadLetters;

/// <summary><c>dead-letters discard</c></summary>
internal static class DiscardCommand
{
    public static Command Create(CommandRunner runner)
    {
        var (id, order, json) = (DeadLetterOptions.Id(), DeadLetterOptions.Order(), CommonOptions.Json());
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        var command = new Command(
            "discard", "Give dead letters up for good: exactly those named. What waits behind them stays until 'dead-letters redrive' applies it.")
        {
            id, order, yes, json,
        };
        DeadLetterOptions.AllowOne(command, required: true, id, order);
        command.SetAction((parsed, token) => runner.RunAsync(
            (context, stop) => RunAsync(context, new(parsed.GetValue(id), parsed.GetValue(order)), parsed.GetValue(yes), parsed.GetValue(json), stop), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, DeadLetterFilter filter, bool sure, bool json, CancellationToken cancellationToken)
    {
        if (await DeadLetterOptions.RefuseAsync(context, filter.OrderId, cancellationToken))
        {
            return ExitCodes.BadUsage;
        }

        var named = filter.Id is { } id ? $"dead letter {id}" : $"all dead letters of the order {filter.OrderId}";
        if (!sure && !await context.ConfirmAsync($"Discard {named} for good?", cancellationToken))
        {
            await context.Terminal.Error.WriteLineAsync("Nothing was discarded.");
            return ExitCodes.Failed;
        }

        var result = await context.Services.GetRequiredService<DeadLetterDiscard>().RunAsync(filter, cancellationToken);
        if (json)
        {
            await context.WriteJsonAsync(result, DeadLettersJson.Default.DiscardResult);
        }
        else
        {
            await context.Terminal.Out.WriteLineAsync($"{result.Discarded} discarded, {result.Waiting} of the same order left{(result.Waiting > 0 ? ": 'dead-letters redrive' applies them" : "")}.");
        }

        if (result.Discarded > 0)
        {
            return ExitCodes.Done;
        }

        await context.Terminal.Error.WriteLineAsync($"There is no such thing as {named}.");
        return ExitCodes.Failed;
    }
}

using System.CommandLine;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.DeadLetters;

/// <summary><c>dead-letters redrive</c></summary>
internal static class RedriveCommand
{
    public static Command Create(CommandRunner runner)
    {
        var (id, order, merchant, json) = (DeadLetterOptions.Id(), DeadLetterOptions.Order(), DeadLetterOptions.Merchant(), CommonOptions.Json());
        id.Description = "The item of one dead letter, from the item's first.";
        var command = new Command(
            "redrive",
            """
            Try dead letters again: all of them, or those named. Each order's go in order; one that fails again stays, with its new error, and what is
            behind it goes on waiting. Stopped, it keeps what is done.
            """)
        {
            id, order, merchant, json,
        };
        DeadLetterOptions.AllowOne(command, required: false, id, order, merchant);
        command.SetAction((parsed, token) => runner.RunAsync(
            async (context, stop) =>
            {
                if (await DeadLetterOptions.RefuseAsync(context, parsed.GetValue(order), stop))
                {
                    return ExitCodes.BadUsage;
                }

                var merchantId = parsed.GetValue(merchant);
                var filter = new DeadLetterFilter(parsed.GetValue(id), parsed.GetValue(order), merchantId is null ? null : [merchantId]);
                var result = await context.Services.GetRequiredService<DeadLetterRedrive>().RunAsync(filter, new Lines(context.Terminal.Error), stop);
                await (parsed.GetValue(json)
                    ? context.WriteJsonAsync(result, DeadLettersJson.Default.RedriveResult)
                    : context.Terminal.Out.WriteLineAsync($"{result.Applied} applied, {result.Failed} failed again, {result.Remaining} dead letters left."));
                return result.Failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
            },
            token));
        return command;
    }

    /// <summary>Prints a line for about every thousand records, to show progress.</summary>
    private sealed class Lines(TextWriter output) : IProgress<RedriveResult>
    {
        private const long Step = 1000;
        private long _next = Step;

        public void Report(RedriveResult value)
        {
            if (value.Applied + value.Failed < _next)
            {
                return;
            }

            _next = value.Applied + value.Failed + Step;
            output.WriteLine($"{value.Applied} applied, {value.Failed} failed again …");
        }
    }
}

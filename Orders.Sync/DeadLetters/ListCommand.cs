using System.CommandLine;
using Orders.Domain;
using Orders.ServiceDefaults.Commands;

namespace Orders.Sync.DeadLetters;

/// <summary><c>dead-letters list</c></summary>
internal static class ListCommand
{
    private const int DefaultPage = 50;

    public static Command Create(CommandRunner runner)
    {
        var (order, merchant, json) = (DeadLetterOptions.Order(), DeadLetterOptions.Merchant(), CommonOptions.Json());
        var after = new Option<long>("--after") { Description = "Begin after this number: the next page.", HelpName = "number" };
        var limit = new Option<int>("--limit") { Description = $"At most so many, up to {DeadLetterList.LargestPage}.", HelpName = "n", DefaultValueFactory = _ => DefaultPage };
        limit.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 or > DeadLetterList.LargestPage)
            {
                result.AddError($"--limit takes a number from 1 to {DeadLetterList.LargestPage}.");
            }
        });
        var command = new Command("list", "List dead letters, oldest first.") { order, merchant, limit, after, json };
        command.SetAction((parsed, token) => runner.RunAsync(
            async (context, stop) =>
            {
                if (await DeadLetterOptions.RefuseAsync(context, parsed.GetValue(order), stop))
                {
                    return ExitCodes.BadUsage;
                }

                var merchantId = parsed.GetValue(merchant);
                var filter = new DeadLetterFilter(null, parsed.GetValue(order), merchantId is null ? null : [merchantId]);
                var page = await context.Services.GetRequiredService<DeadLetterList>().ReadAsync(filter, parsed.GetValue(after), parsed.GetValue(limit), stop);
                await (parsed.GetValue(json) ? context.WriteJsonAsync(page, DeadLettersJson.Default.DeadLetterPage) : WriteAsync(context.Terminal.Out, page));
                return ExitCodes.Done;
            },
            token));
        return command;
    }

    private static async Task WriteAsync(TextWriter output, DeadLetterPage page)
    {
        if (page.DeadLetters.Count == 0)
        {
            await output.WriteLineAsync("No dead letters.");
            return;
        }

        await TextTable.WriteAsync(
            output, ["ID", "STATE", "SINCE", "TRIES", "MERCHANT", "ITEM", "ERROR"],
            [
                .. page.DeadLetters.Select(letter => new[]
                {
                    $"{letter.Id}", letter.State, Timestamp.Text(letter.CreatedAt), $"{letter.Attempts}", letter.MerchantId ?? "-", letter.ItemKey,
                    letter.Error is { } error ? string.Join(' ', error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) : "waits behind an earlier one",
                }),
            ]);
        if (page.After is { } after)
        {
            await output.WriteLineAsync($"There are more: --after {after}");
        }
    }
}

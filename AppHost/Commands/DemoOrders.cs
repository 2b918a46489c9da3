using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Orders.Local.Demo;

namespace Orders.AppHost.Commands;

/// <summary>Places demo orders: <c>aspire resource api demo-orders --count 500 --rate 50</c>.</summary>
internal static class DemoOrders
{
    private const int UsualCount = 100;
    private const int MostOrders = 100_000;
    private const int MostPerSecond = 5_000;
    private const int AtOnce = 32;

    /// <summary>Adds the command to Orders.Api.</summary>
    public static IResourceBuilder<ProjectResource> WithDemoOrders(this IResourceBuilder<ProjectResource> api) =>
        api.WithServiceCommand("demo-orders", "Place demo orders", new CommandOptions
        {
            Description = "Places orders as clients would; Orders.Query shows each a moment later.",
            IconName = "Cart",
            IsHighlighted = true,
            Progress = new() { Message = "Placing orders" },
            Arguments =
            [
                new() { Name = "count", Label = "How many", InputType = InputType.Number, Value = UsualCount.ToString(CultureInfo.InvariantCulture) },
                new() { Name = "rate", Label = "How many a second", Description = "0: as fast as it goes", InputType = InputType.Number, Value = "0" },
            ],
            ValidateArguments = context =>
            {
                InputValues.CheckNumber(context, "count", 1, MostOrders);
                InputValues.CheckNumber(context, "rate", 0, MostPerSecond);
                return Task.CompletedTask;
            },
        }, (service, arguments, cancellationToken) => PlaceAsync(service, arguments.Number("count", UsualCount), arguments.Number("rate", 0), cancellationToken));

    private static async Task<ExecuteCommandResult> PlaceAsync(HttpClient api, int count, int perSecond, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var began = time.GetTimestamp();
        var orders = new Catalogue(new Random());
        var (placed, lastFailure, lastOrder) = (0, (string?)null, (string?)null);
        // Created one after the other: the catalogue is not thread-safe.
        var all = Enumerable.Range(0, count).Select(i => (Number: i, Order: orders.Next())).ToArray();
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (each, token) =>
        {
            if (perSecond > 0 && TimeSpan.FromSeconds((double)each.Number / perSecond) - time.GetElapsedTime(began) is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, time, token);
            }

            using var body = JsonContent.Create(each.Order, DemoJson.Default.DemoOrder);
            using var answer = await api.PostAsync(new Uri("/v1/orders", UriKind.Relative), body, token);
            if (answer.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref placed);
                lastOrder = (await answer.Content.ReadFromJsonAsync(DemoJson.Default.DemoAnswer, token))?.OrderId;
            }
            else
            {
                lastFailure = $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(token)}";
            }
        });

        var seconds = time.GetElapsedTime(began).TotalSeconds;
        var result = JsonSerializer.Serialize(new
        {
            placed,
            failed = count - placed,
            last_failure = lastFailure,
            seconds = Math.Round(seconds, 1),
            per_second = Math.Round(placed / seconds),
            last_order_id = lastOrder,
        });
        return placed == count
            ? CommandResults.Success($"{placed} orders are placed.", result, CommandResultFormat.Json)
            : CommandResults.Failure($"{placed} of {count} orders are placed.", result, CommandResultFormat.Json);
    }
}

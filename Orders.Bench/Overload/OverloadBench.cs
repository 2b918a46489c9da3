using Orders.Bench.Measuring;
using Orders.Bench.Report;
using Orders.Bench.Soak;

namespace Orders.Bench.Overload;

/// <summary>
/// Three times what the machine can serve, from one merchant, and what the others notice of it.
/// </summary>
internal sealed class OverloadBench : IBench
{
    private const int Orders = 2_000;
    private const int FewOrders = 500;
    private const int Lanes = 16;
    private const double Times = 3;
    private const double Victims = 1.5;

    // The longest that a service lets a request live.
    private const double TimeOutMilliseconds = 10_000;
    private const double MebibytesMore = 200;
    private const double P99 = 0.99;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    public string Name => "overload";

    public string Explanation => """
        One merchant's key sends three times what the service can serve, without waiting for answers: lists of 200 orders to Orders.Query, batches of 100 orders
        to Orders.Api. Another merchant goes on asking as before. What is accepted must end within the time-out of 10 s, what is not must be told 429 or 503
        with Retry-After; the other merchant's 99th percentile may rise by half, and is back five seconds later. The services are processes of their own; the
        clients run on the same machine and take their part of its processors.
        """;

    public async Task<IReadOnlyList<ResultRow>> RunAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var quick = context.Settings.Quick;
        await using var system = await OverloadSystem.StartAsync(context.Engines, quick ? FewOrders : Orders, cancellationToken);
        var length = TimeSpan.FromSeconds(quick ? 1 : 10);
        var reads = new Flood("lists", system.Query, () => new(HttpMethod.Get, "/v1/orders?limit=200"),
        [
            new("by id", () => new(HttpMethod.Get, $"/v1/orders/{system.OrderId}")),
            new("list of 20", () => new(HttpMethod.Get, "/v1/orders?limit=20")),
        ]);
        var writes = new Flood("batches", system.Api, () => OverloadSystem.Batch("flood", 100), [new("place", () => OverloadSystem.Single("shop"))]);
        return [.. await MeasureAsync(context, reads, length, cancellationToken), .. await MeasureAsync(context, writes, length, cancellationToken)];
    }

    private async Task<IEnumerable<ResultRow>> MeasureAsync(BenchContext context, Flood flood, TimeSpan length, CancellationToken cancellationToken)
    {
        using var flooding = OverloadSystem.ClientOf("flood", flood.Service.Address);
        using var other = OverloadSystem.ClientOf("shop", flood.Service.Address);
        _ = await AskAsync(other, flood.Questions[0], length / 2, cancellationToken);
        var capacity = await CapacityAsync(flooding, flood, length, cancellationToken);
        var (quiet, before) = (await AskAllAsync(other, flood, length, cancellationToken), flood.Service.Footprint!.Megabytes);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = OpenLoop.RunAsync(flooding, flood.Request, capacity * Times, over.Token);
        await Task.Delay(length / 5, cancellationToken);
        var most = WatchAsync(flood.Service, over.Token);
        var flooded = await AskAllAsync(other, flood, length, cancellationToken);
        await over.CancelAsync();
        var answers = await running;
        await Task.Delay(Recovery, cancellationToken);
        var after = await AskAllAsync(other, flood, length, cancellationToken);

        context.Tell(Name, $"{flood.Name}: {Sample.Figure(capacity, "a second")} at most, {answers.Count} sent, {answers.Count(one => one.IsAccepted)} done, {answers.Count(one => one.IsRefused)} told to come later, {answers.Count(one => one.Status == 0)} cut");
        return [.. RowsOfFlood(flood, answers, before, await most), .. flood.Questions.SelectMany((question, at) => RowsOf(flood, question, quiet[at], flooded[at], after[at]))];
    }

    private IEnumerable<ResultRow> RowsOfFlood(Flood flood, IReadOnlyList<Answered> answers, long before, long most)
    {
        var accepted = answers.Where(one => one.IsAccepted).ToList();
        var refused = answers.Where(one => one.IsRefused).ToList();
        yield return Row($"{flood.Name} accepted, the slowest", Answered.Percentile(accepted, 1), "ms", Bound.AtMost(TimeOutMilliseconds));
        yield return Row($"{flood.Name} refused, of 100", 100.0 * refused.Count / answers.Count, "", null);
        yield return Row($"{flood.Name} refused, p99", Answered.Percentile(refused, P99), "ms", null);
        yield return Row($"{flood.Name} neither done nor told when", answers.Count(one => !one.IsAccepted && !(one.IsRefused && one.SaysWhen)), "", Bound.AtMost(0));
        yield return Row($"memory under {flood.Name}, more", most - before, "MiB", Bound.AtMost(MebibytesMore));
    }

    private IEnumerable<ResultRow> RowsOf(Flood flood, Question question, Served quiet, Served flooded, Served after)
    {
        yield return Ratio($"another's {question.Name} under {flood.Name}, p99", quiet.P99, flooded.P99);
        yield return Row($"another's {question.Name} under {flood.Name}, refused of {flooded.Asked}", flooded.Refused, "", Bound.AtMost(0));
        yield return Ratio($"another's {question.Name} 5 s after, p99", quiet.P99, after.P99);
    }

    private ResultRow Ratio(string subject, double quiet, double now) => new()
    {
        Bench = Name,
        Subject = subject,
        Ours = Sample.Figure(now, "ms"),
        Rival = "quiet",
        Theirs = Sample.Figure(quiet, "ms"),
        Judged = Sample.Of([now / quiet]),
        MustReach = Bound.AtMost(Victims),
    };

    private ResultRow Row(string subject, double figure, string unit, Bound? bound) =>
        new() { Bench = Name, Subject = subject, Ours = Sample.Figure(figure, unit), Rival = "", Judged = Sample.Of([figure]), Unit = unit, MustReach = bound };

    // As many as come back when some are always under way.
    private static async Task<double> CapacityAsync(HttpClient client, Flood flood, TimeSpan length, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(length);
        var done = await Task.WhenAll(Enumerable.Range(0, Lanes).Select(async _ =>
        {
            var own = 0;
            while (!over.IsCancellationRequested)
            {
                own += (await Answered.AskAsync(client, flood.Request())).IsAccepted ? 1 : 0;
            }

            return own;
        }));
        return Math.Max(1, done.Sum() / length.TotalSeconds);
    }

    private static async Task<Served[]> AskAllAsync(HttpClient client, Flood flood, TimeSpan length, CancellationToken cancellationToken)
    {
        var times = new List<Served>();
        foreach (var question in flood.Questions)
        {
            times.Add(await AskAsync(client, question, length, cancellationToken));
        }

        return [.. times];
    }

    // One after the other, as a customer of a shop does.
    private static async Task<Served> AskAsync(HttpClient client, Question question, TimeSpan length, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        over.CancelAfter(length);
        var answers = new List<Answered>();
        while (!over.IsCancellationRequested)
        {
            answers.Add(await Answered.AskAsync(client, question.Request()));
            await Task.WhenAny(Task.Delay(2, over.Token));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return new(Answered.Percentile(answers.Where(one => one.IsAccepted), P99), answers.Count, answers.Count(one => !one.IsAccepted));
    }

    private static async Task<long> WatchAsync(SoakService service, CancellationToken over)
    {
        var most = 0L;
        while (!over.IsCancellationRequested)
        {
            most = Math.Max(most, service.Footprint?.Megabytes ?? 0);
            await Task.WhenAny(Task.Delay(100, over));
        }

        return most;
    }

    // What another merchant got: the 99th percentile in milliseconds, and how many were not done.
    private sealed record Served(double P99, int Asked, int Refused);

    private sealed record Question(string Name, Func<HttpRequestMessage> Request);

    private sealed record Flood(string Name, SoakService Service, Func<HttpRequestMessage> Request, IReadOnlyList<Question> Questions);
}

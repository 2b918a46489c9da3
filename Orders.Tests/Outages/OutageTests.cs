using System.Net;
using Shouldly;
using Xunit;

namespace Orders.Tests.Outages;

/// <summary>
/// The cells of a service: a store fails before it starts or while it runs; what it answers is what
/// <c>docs/operations.md</c> says, and all works again, without a restart, when the store is back. The cells
/// run side by side, each on stores of its own: most of their time is waiting.
/// </summary>
public abstract class OutageTests
{
    private const int AtOnce = 4;

    /// <summary>No more than a guard against a hang: a service answers in its own time.</summary>
    protected static TimeSpan Bound { get; } = TimeSpan.FromSeconds(90);

    internal static TheoryData<string, string, bool> CellsOf(string service)
    {
        var cells = new TheoryData<string, string, bool>();
        foreach (var cell in OutageCell.All.Where(cell => cell.Service == service))
        {
            cells.Add(cell.Store, cell.Condition, cell.IsAtStart);
        }

        return cells;
    }

    internal static async Task ShouldBeAsThePageSaysAsync(OutageCell cell, Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> runs)
    {
        var answer = await runs.Value[cell];
        answer.ShouldBe(OperationsPage.Cells.GetValueOrDefault(cell), $"{cell}");
    }

    /// <summary>Runs all cells of a service, a few at once.</summary>
    internal static Lazy<IReadOnlyDictionary<OutageCell, Task<string>>> RunAll(string service, Func<OutageCell, Task<string>> runAsync) => new(() =>
    {
        var places = new SemaphoreSlim(AtOnce);
        return OutageCell.All.Where(cell => cell.Service == service).ToDictionary(cell => cell, cell => Task.Run(async () =>
        {
            await places.WaitAsync();
            try
            {
                return await runAsync(cell);
            }
            finally
            {
                places.Release();
            }
        }));
    });

    /// <summary>
    /// The words for an answer. A 503 says when to come back; nothing else is a fault of ours.
    /// </summary>
    internal static async Task<string> WordsAsync(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            answer.Headers.RetryAfter.ShouldNotBeNull($"{answer.RequestMessage?.RequestUri}");
        }
        else
        {
            ((int)answer.StatusCode).ShouldBeLessThan(500, $"{answer.RequestMessage?.RequestUri}: {await answer.Content.ReadAsStringAsync()}");
        }

        return $"{(int)answer.StatusCode}";
    }

    /// <summary>Whether it lives, which it must, and whether it is ready.</summary>
    internal static async Task<string> HealthAsync(HttpClient client)
    {
        using var live = await client.GetAsync("/health/live");
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await client.GetAsync("/health/ready");
        return $"ready {(int)ready.StatusCode}";
    }

    /// <summary>The same, when what it says of itself is not older than the failure any more.</summary>
    internal static async Task<string> HealthAsync(HttpClient client, OutageCell cell)
    {
        var health = "";
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        do
        {
            health = await HealthAsync(client);
        }
        while (!OperationsPage.Cells.GetValueOrDefault(cell, health).EndsWith(health, StringComparison.Ordinal) && !bound.IsCancellationRequested);
        return health;
    }

    internal static Task ReadyAsync(HttpClient client) =>
        Eventually.HoldsAsync(async () =>
        {
            using var ready = await client.GetAsync("/health/ready");
            return ready.StatusCode == HttpStatusCode.OK;
        });
}

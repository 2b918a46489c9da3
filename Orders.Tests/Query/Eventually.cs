namespace Orders.Tests.Query;

internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Says that it will never come; no test depends on how long it takes to come.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!await condition())
            await Task.Delay(Pause, limit.Token);
    }
}

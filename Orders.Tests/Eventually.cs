using Shouldly;

namespace Orders.Tests;

/// <summary>
/// Waits for what happens in the background. The bound is generous on purpose: no test judges a time.
/// </summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<Task<bool>> condition, int seconds = 60)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!await condition())
        {
            bound.IsCancellationRequested.ShouldBeFalse($"waited {seconds} s for it");
            await Task.Delay(20, CancellationToken.None);
        }
    }
}

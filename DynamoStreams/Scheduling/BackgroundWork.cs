namespace DynamoStreams.Scheduling;

/// <summary>
/// Starts background work: on the thread pool, or on the caller's synchronization context if there is one.
/// Services have none. A simulation has one, so that everything runs on one thread, in one order.
/// </summary>
internal static class BackgroundWork
{
    /// <summary>Runs work in the background.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) => SynchronizationContext.Current is null
        ? Task.Run(work)
        : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.FromCurrentSynchronizationContext());

    /// <summary>Cancels; the registered callbacks run in the background.</summary>
    public static Task CancelAsideAsync(this CancellationTokenSource source) => SynchronizationContext.Current is null
        ? source.CancelAsync()
        : Task.Factory.StartNew(source.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.FromCurrentSynchronizationContext());

    /// <summary>Waits. Cancellation ends the wait early, without an exception.</summary>
    public static async Task DelayAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken) =>
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>
    /// Waits for a semaphore. The wait cannot be cancelled: keep the task and await it again.
    /// </summary>
    public static async Task EnterAsync(this SemaphoreSlim semaphore) => await semaphore.WaitAsync();
}

namespace DynamoStreams.Scheduling;

/// <summary>
/// Work beside its caller: on the thread pool; where the caller has a synchronization context of its own,
/// there. Services have none. A simulation has one, so that all that happens is on one thread, in one order.
/// </summary>
internal static class Aside
{
    /// <summary>Runs work beside the caller.</summary>
    public static Task<T> RunAsync<T>(Func<T> work) => SynchronizationContext.Current is null
        ? Task.Run(work)
        : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.FromCurrentSynchronizationContext());

    /// <summary>Cancels; whatever is registered for it runs beside the caller.</summary>
    public static Task CancelAsideAsync(this CancellationTokenSource source) => SynchronizationContext.Current is null
        ? source.CancelAsync()
        : Task.Factory.StartNew(source.Cancel, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.FromCurrentSynchronizationContext());

    /// <summary>Waits; ends early, and without a failure, when it is cancelled.</summary>
    public static async Task DelayAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken) =>
        await Task.Delay(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>
    /// Waits until a semaphore lets the caller in. It cannot be cancelled: to be kept, and awaited again.
    /// </summary>
    public static async Task EnterAsync(this SemaphoreSlim semaphore) => await semaphore.WaitAsync();
}

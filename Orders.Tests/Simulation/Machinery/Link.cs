namespace Orders.Tests.Simulation.Machinery;

/// <summary>
/// One process' way to one server. Each call takes its time. On the way it may be lost, or its answer may:
/// then the caller hears nothing, and gives up after its limit. What has arrived is carried out, whatever
/// becomes of the caller.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="server">Whom it leads to.</param>
/// <param name="limit">How long a caller waits.</param>
/// <param name="lost">What a call without an answer fails with.</param>
internal sealed class Link(World world, SimulatedServer server, TimeSpan limit, Func<string, Exception> lost)
{
    /// <summary>Whether nothing gets through.</summary>
    public bool IsCut { get; set; }

    /// <summary>The share of requests or answers that are lost on this way.</summary>
    public double LossRate { get; set; }

    /// <summary>Asks for what the server does at once.</summary>
    public Task<T> CallAsync<T>(Func<T> serve, CancellationToken cancellationToken = default) => CallAsync(() => Task.FromResult(serve()), cancellationToken);

    /// <summary>Asks for what takes the server some time.</summary>
    public async Task<T> CallAsync<T>(Func<Task<T>> serve, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<T>();
        using var cancelled = cancellationToken.UnsafeRegister(_ => answer.TrySetCanceled(cancellationToken), null);
        Send(serve, answer);
        return await answer.Task;
    }

    private void Send<T>(Func<Task<T>> serve, TaskCompletionSource<T> answer)
    {
        var (there, back, isLost) = (Latency(), Latency(), IsCut || IsLost());
        if (isLost)
        {
            GiveUp(answer);
        }
        else
        {
            world.After(there, () => Arrive(serve, answer, back));
        }
    }

    private void Arrive<T>(Func<Task<T>> serve, TaskCompletionSource<T> answer, TimeSpan back)
    {
        if (IsCut)
        {
            GiveUp(answer);
        }
        else if (server.IsDown)
        {
            world.After(back, () => answer.TrySetException(lost("refused")));
        }
        else
        {
            if (server.IsFrozen)
            {
                GiveUp(answer);
            }

            server.Take(() => world.Queue.Start(() => ServeAsync(serve, answer, back)));
        }
    }

    private async Task ServeAsync<T>(Func<Task<T>> serve, TaskCompletionSource<T> answer, TimeSpan back)
    {
        Action told;
        try
        {
            var result = await serve();
            told = () => answer.TrySetResult(result);
        }
        catch (Exception failure)
        {
            told = () => answer.TrySetException(failure);
        }

        if (IsCut || IsLost())
        {
            GiveUp(answer);
        }
        else
        {
            world.After(back, told);
        }
    }

    private void GiveUp<T>(TaskCompletionSource<T> answer) => world.After(limit, () => answer.TrySetException(lost("no answer")));

    private bool IsLost() => Math.Max(world.LossRate, LossRate) is > 0 and var rate && world.Chance(rate);

    private TimeSpan Latency() => world.Between(0.0005, world.IsCalm || !world.Chance(0.02) ? 0.003 : 0.2);
}

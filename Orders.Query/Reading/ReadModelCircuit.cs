using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// A circuit breaker for Postgres. It opens when a read times out, no other read has been answered since,
/// and a probe times out too, so that a single slow statement does not open it. While it is open, a probe in
/// the background replaces the half-open state, and closes it as soon as Postgres answers.
/// </summary>
internal sealed partial class ReadModelCircuit(NpgsqlDataSource postgres, TimeProvider time, ILogger logger) : IDisposable
{
    private const string Open = "Postgres is not asked, since it has not answered lately.";
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BetweenProbes = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private long _answeredAt = long.MinValue;
    private int _probing;
    private volatile bool _open;

    /// <summary>Whether reads fail at once.</summary>
    public bool IsOpen => _open;

    /// <exception cref="ReadModelAwayException">It is open.</exception>
    public void ThrowIfOpen()
    {
        if (IsOpen)
        {
            throw new ReadModelAwayException(Open);
        }
    }

    /// <summary>Reports that Postgres answered.</summary>
    public void Answered() => Volatile.Write(ref _answeredAt, time.GetTimestamp());

    /// <summary>Reports a read without an answer.</summary>
    /// <param name="began">When it began.</param>
    public void NoAnswer(long began)
    {
        if (Volatile.Read(ref _answeredAt) >= began || _stop.IsCancellationRequested || Interlocked.Exchange(ref _probing, 1) == 1)
        {
            return;
        }

        _ = ProbeAsync();
    }

    public void Dispose() => _stop.Cancel();

    private async Task ProbeAsync()
    {
        while (!await AnswersAsync() && !_stop.IsCancellationRequested)
        {
            if (!_open)
            {
                LogOpened(logger);
            }

            _open = true;
            // Connections from before a network failure may never answer again; the next probe opens a new
            // one.
            postgres.Clear();
            await Task.Delay(BetweenProbes, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Answered();
        if (_open)
        {
            LogClosed(logger);
        }

        _open = false;
        Volatile.Write(ref _probing, 0);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await postgres.PingAsync(ProbeLimit, time, _stop.Token);
            return true;
        }
        catch (PostgresException)
        {
            // An error is an answer too.
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres does not answer: reads that need it fail at once until it does")]
    private static partial void LogOpened(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Postgres answers again")]
    private static partial void LogClosed(ILogger logger);
}

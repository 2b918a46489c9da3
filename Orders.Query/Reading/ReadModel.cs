using Npgsql;
using Orders.Query.Settings;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// All reads from Postgres go through this class. A read ends in time, whatever Postgres does. Few reads run
/// at once and the others queue in fair shares (a bulkhead): more would not be faster, and a burst would
/// take every connection. While Postgres does not answer, a circuit breaker lets reads fail at once.
/// </summary>
internal sealed class ReadModel : IDisposable
{
    /// <summary>How long a read may take, including the time in the queue.</summary>
    public static readonly TimeSpan LookLimit = TimeSpan.FromMilliseconds(1_250);

    // For the health check and the breaker's probe, which do not queue.
    private const int Spare = 2;

    private const string Busy = "Too many reads wait for Postgres.";
    private const string NoAnswer = "Postgres did not answer in time.";

    private readonly NpgsqlDataSource _postgres;
    private readonly TimeProvider _time;
    private readonly ReadModelCircuit _circuit;
    private readonly FairLine _line;

    public ReadModel(NpgsqlDataSource postgres, QuerySettings settings, TimeProvider time, ILogger<ReadModel> logger)
        : this(postgres, settings.ReadsAtOnce, time, logger)
    {
    }

    internal ReadModel(NpgsqlDataSource postgres, int readsAtOnce, TimeProvider time, ILogger<ReadModel> logger)
    {
        (_postgres, _time, _circuit) = (postgres, time, new(postgres, time, logger));
        var most = Math.Max(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).MaxPoolSize - Spare, 1);
        _line = new(Math.Min(readsAtOnce, most), LookLimit / 2, time);
    }

    /// <summary>Reads.</summary>
    /// <param name="read">Reads its whole result. It must use the given token, which is not the caller's:
    /// see <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken"> The caller stops waiting. A read that has begun continues: it is
    /// short, and cancelling it would cost Postgres a connection. </param>
    /// <exception cref="BusyException">The key has too much work waiting, or the service.</exception>
    /// <exception cref="ReadModelAwayException">There was no answer in time, or the breaker is open.
    /// Failures of Postgres are not wrapped.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var entered = _time.GetTimestamp();
        var turn = await EnterAsync(cancellationToken);
        var look = LookAsync(read, turn);
        try
        {
            var left = LookLimit - _time.GetElapsedTime(entered);
            return await look.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new ReadModelAwayException(NoAnswer, late);
        }
    }

    public void Dispose() => _circuit.Dispose();

    private async Task<FairLine.ITurn> EnterAsync(CancellationToken cancellationToken)
    {
        _circuit.ThrowIfOpen();
        if (_line.TryEnter(Turn.Current) is { } atOnce)
        {
            return atOnce;
        }

        using var limit = new CancellationTokenSource(LookLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        FairLine.ITurn turn;
        try
        {
            turn = await _line.EnterAsync(Turn.Current, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReadModelAwayException(Busy);
        }

        if (!_circuit.IsOpen)
        {
            return turn;
        }

        turn.Dispose();
        _circuit.ThrowIfOpen();
        throw new ReadModelAwayException(Busy);
    }

    // Holds its turn until its real end, so that never more than this number are running.
    private async Task<T> LookAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, FairLine.ITurn turn)
    {
        var began = _time.GetTimestamp();
        try
        {
            var found = await PostgresLook.RunAsync(_postgres, read, LookLimit, _time, () => _circuit.NoAnswer(began));
            _circuit.Answered();
            turn.Answered();
            return found;
        }
        catch (PostgresException)
        {
            _circuit.Answered();
            throw;
        }
        finally
        {
            turn.Dispose();
        }
    }
}

using Npgsql;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

/// <summary>
/// All reads from Postgres go through this class. A read ends in time, whatever Postgres does. Few reads run
/// at once and the others queue (a bulkhead): more would not be faster, and a burst would take every
/// connection. While Postgres does not answer, a circuit breaker lets reads fail at once.
/// </summary>
internal sealed class ReadModel : IDisposable
{
    /// <summary>How long a read may take, including the time in the queue.</summary>
    public static readonly TimeSpan LookLimit = TimeSpan.FromMilliseconds(1_250);

    private const int MostAtOnce = 32;

    // For the health check and the breaker's probe, which do not queue.
    private const int Spare = 2;

    private const string Busy = "Too many reads wait for Postgres.";
    private const string NoAnswer = "Postgres did not answer in time.";

    private readonly NpgsqlDataSource _postgres;
    private readonly TimeProvider _time;
    private readonly ReadModelCircuit _circuit;
    private readonly SemaphoreSlim _line;

    public ReadModel(NpgsqlDataSource postgres, TimeProvider time, ILogger<ReadModel> logger)
    {
        (_postgres, _time, _circuit) = (postgres, time, new(postgres, time, logger));
        _line = new(Math.Clamp(new NpgsqlConnectionStringBuilder(postgres.ConnectionString).MaxPoolSize - Spare, 1, MostAtOnce));
    }

    /// <summary>Reads.</summary>
    /// <param name="read">Reads its whole result. It must use the given token, which is not the caller's:
    /// see <paramref name="cancellationToken"/>.</param>
    /// <param name="cancellationToken"> The caller stops waiting. A read that has begun continues: it is
    /// short, and cancelling it would cost Postgres a connection. </param>
    /// <exception cref="ReadModelAwayException">There was no answer in time, or the breaker is open.
    /// Failures of Postgres are not wrapped.</exception>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var entered = _time.GetTimestamp();
        await EnterAsync(cancellationToken);
        var look = LookAsync(read);
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

    public void Dispose()
    {
        _circuit.Dispose();
        _line.Dispose();
    }

    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        _circuit.ThrowIfOpen();
        if (_line.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            return;
        }

        using var limit = new CancellationTokenSource(LookLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _line.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReadModelAwayException(Busy);
        }

        if (!_circuit.IsOpen)
        {
            return;
        }

        Leave();
        _circuit.ThrowIfOpen();
    }

    // Holds its slot until its real end, so that never more than this number are running.
    private async Task<T> LookAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> read)
    {
        var began = _time.GetTimestamp();
        try
        {
            var found = await PostgresLook.RunAsync(_postgres, read, LookLimit, _time, () => _circuit.NoAnswer(began));
            _circuit.Answered();
            return found;
        }
        catch (PostgresException)
        {
            _circuit.Answered();
            throw;
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        try
        {
            _line.Release();
        }
        catch (ObjectDisposedException)
        {
            // The service has stopped; abandoned reads end later.
        }
    }
}

using System.Text.Json.Serialization;
using Orders.Domain;

namespace Orders.Sync.Reconciling;

/// <summary>A reconciliation in the background of this instance, one at a time.</summary>
internal sealed partial class ReconcileJob(Reconciler reconciler, IHostApplicationLifetime host, TimeProvider time, ILogger<ReconcileJob> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource? _stop;
    private Status? _status;

    /// <summary>Its status.</summary>
    /// <param name="State"><c>running</c>, <c>completed</c>, <c>stopped</c> or <c>failed</c>.</param>
    /// <param name="Error">Why it failed; null otherwise.</param>
    /// <param name="StartedAt">When it began.</param>
    /// <param name="Report">What it has compared so far.</param>
    internal sealed record Status(string State, string? Error, [property: JsonConverter(typeof(TimestampJsonConverter))] DateTimeOffset StartedAt, ReconcileReport? Report);

    /// <summary>The status of the last one of this instance; null when there was none.</summary>
    public Status? Newest
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Starts one.</summary>
    /// <returns>Null when one is running already.</returns>
    public Status? TryBegin(ReconcileOptions options)
    {
        lock (_lock)
        {
            if (_status?.State == "running")
            {
                return null;
            }

            _stop?.Dispose();
            _stop = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping);
            _status = new Status("running", null, time.GetUtcNow(), null);
            _ = RunAsync(options, _stop.Token);
            return _status;
        }
    }

    /// <summary>Stops the running one.</summary>
    /// <returns>Null when none runs.</returns>
    public Status? Stop()
    {
        lock (_lock)
        {
            if (_status?.State != "running")
            {
                return null;
            }

            _stop!.Cancel();
            return _status;
        }
    }

    public void Dispose() => _stop?.Dispose();

    private async Task RunAsync(ReconcileOptions options, CancellationToken cancellationToken)
    {
        await Task.Yield();
        try
        {
            var report = await reconciler.RunAsync(options, new Telling(report => Set("running", null, report)), cancellationToken);
            Set("completed", null, report);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Set("stopped", null, null);
        }
        catch (Exception failure)
        {
            // Failures of the background job are reported in its status.
            LogFailed(failure);
            Set("failed", failure.Message, null);
        }
    }

    private void Set(string state, string? error, ReconcileReport? report)
    {
        lock (_lock)
        {
            _status = _status! with { State = state, Error = error, Report = report ?? _status.Report };
        }
    }

    private sealed class Telling(Action<ReconcileReport> tell) : IProgress<ReconcileReport>
    {
        public void Report(ReconcileReport value) => tell(value);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A reconciliation failed")]
    private partial void LogFailed(Exception exception);
}

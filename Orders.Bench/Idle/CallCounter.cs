using System.Diagnostics.Metrics;

namespace Orders.Bench.Idle;

/// <summary>Counts this process' HTTP requests to one port, with .NET's own metrics.</summary>
internal sealed class CallCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly int _port;
    private long _calls;

    public CallCounter(int port)
    {
        _port = port;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument is { Name: "http.client.request.duration", Meter.Name: "System.Net.Http" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>(Count);
        _listener.Start();
    }

    public long Calls => Interlocked.Read(ref _calls);

    public void Dispose() => _listener.Dispose();

    private void Count(Instrument instrument, double measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
        {
            if (tag is { Key: "server.port", Value: int port } && port == _port)
            {
                Interlocked.Increment(ref _calls);
            }
        }
    }
}

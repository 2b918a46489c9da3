using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Keeps what was logged.</summary>
internal sealed class RecordedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Message, Exception? Failure)> _entries = new();

    public IEnumerable<string> Errors => _entries.Where(entry => entry.Level >= LogLevel.Error).Select(entry => $"{entry.Category}: {entry.Message}");

    /// <summary>What the warnings and errors were logged with.</summary>
    public IEnumerable<Exception> Failures => _entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Failure).OfType<Exception>();

    public IEnumerable<string> All => _entries.Select(entry => $"{entry.Level} {entry.Category}: {entry.Message}");

    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Recorder(RecordedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs._entries.Enqueue((logLevel, category, formatter(state, exception), exception));
    }
}

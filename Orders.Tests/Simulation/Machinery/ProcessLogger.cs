using Microsoft.Extensions.Logging;

namespace Orders.Tests.Simulation.Machinery;

/// <summary>What the product logs goes into the simulation's log.</summary>
/// <typeparam name="T">Who logs.</typeparam>
internal sealed class ProcessLogger<T>(EventLog log, string name) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Add(name, $"{formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
}

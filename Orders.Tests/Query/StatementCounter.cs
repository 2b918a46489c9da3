using System.Collections.Concurrent;
using System.Diagnostics;

namespace Orders.Tests.Query;

/// <summary>Hears of every statement that goes to a database, from Npgsql's own tracing.</summary>
internal sealed class StatementCounter : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<string> _statements = new();

    public StatementCounter(string database)
    {
        _listener = new()
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("db.namespace") as string == database && activity.GetTagItem("db.query.text") is string text)
                {
                    _statements.Enqueue(text);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>How many statements hold a text.</summary>
    public int Count(string part) => _statements.Count(statement => statement.Contains(part, StringComparison.Ordinal));

    public void Dispose() => _listener.Dispose();
}

using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Orders.Warehouse.Embedded;

/// <summary>
/// Runs SELECTs of others over the lake: read-only, without any other file, network or setting, and bounded
/// in time, memory, rows and bytes. Each has a process of its own (<see cref="QueryWorker"/>).
/// </summary>
/// <param name="views">The views.</param>
/// <param name="time">The clock.</param>
internal sealed class LockedQueries(ViewDatabase views, TimeProvider time)
{
    private const int Attempts = 3;
    private const int LongestSql = 64 * 1024;

    // .NET and DuckDB themselves, and what DuckDB takes beside its tables.
    private const long OwnBytes = 512L * 1024 * 1024;
    private const long Megabyte = 1024 * 1024;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs one.</summary>
    /// <param name="sql">The SELECT.</param>
    /// <param name="bounds">What it may take.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="QueryException">There is no answer.</exception>
    public async Task<QueryAnswer> RunAsync(string sql, QueryBounds bounds, CancellationToken cancellationToken)
    {
        if (Encoding.UTF8.GetByteCount(sql) > LongestSql || sql.Contains('\0', StringComparison.Ordinal))
        {
            throw new QueryException(QueryFault.Sql, $"It is longer than {LongestSql / 1024} KiB, or has a NUL in it.");
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnceAsync(sql, bounds, cancellationToken);
            }
            catch (QueryException failure) when (failure.Fault == QueryFault.Gone && attempt < Attempts)
            {
                // What replaces the file is on the next list.
            }
        }
    }

    private async Task<QueryAnswer> RunOnceAsync(string sql, QueryBounds bounds, CancellationToken cancellationToken)
    {
        var folder = await views.RefreshAsync(cancellationToken);
        var folders = LogFolders.Find(folder);
        var request = new QueryRequest(ViewDatabase.FileOf(folder), folders, sql, bounds.Time.TotalSeconds, bounds.Rows, bounds.MemoryMegabytes, bounds.AnswerMegabytes * Megabyte);
        try
        {
            return await RunAsync(request, cancellationToken);
        }
        catch (QueryException failure)
        {
            // Where the lake is on this machine is nobody's business.
            throw new QueryException(failure.Fault, failure.Message.Replace($"{folder}{Path.DirectorySeparatorChar}", "", StringComparison.Ordinal));
        }
    }

    private async Task<QueryAnswer> RunAsync(QueryRequest request, CancellationToken cancellationToken)
    {
        using var worker = Process.Start(WorkerProgram.Start(QueryWorker.Argument)) ?? throw new InvalidOperationException("No process was started for the query.");
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(worker, request, done.Token);
        try
        {
            var errors = worker.StandardError.ReadToEndAsync(done.Token);
            await AskAsync(worker, request);
            var answer = await ReadAsync(worker.StandardOutput.BaseStream, cancellationToken);
            if (answer is not null)
            {
                return answer;
            }

            await worker.WaitForExitAsync(cancellationToken);
            await done.CancelAsync();
            throw await watching ?? new QueryException(QueryFault.Size, $"It was too much for the process that ran it, which ended with {worker.ExitCode}{Last(await TextOf(errors))}. Make it simpler.");
        }
        finally
        {
            await done.CancelAsync();
            Kill(worker);
        }
    }

    private static async Task AskAsync(Process worker, QueryRequest request)
    {
        try
        {
            await worker.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, EmbeddedJson.Default.QueryRequest));
            await worker.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It has ended; its exit code says how.
        }
    }

    /// <returns>Null when the process ended before its answer did.</returns>
    private static async Task<QueryAnswer?> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(output, Encoding.UTF8);
        IReadOnlyList<QueryColumn> columns = [];
        var rows = new List<JsonElement>();
        var isFirst = true;
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith('{'))
            {
                var end = JsonSerializer.Deserialize(line, EmbeddedJson.Default.QueryEnd)!;
                return end.Fault is { } fault ? throw new QueryException(fault, end.Message ?? "") : new QueryAnswer(columns, rows, end.IsCut);
            }

            if (isFirst)
            {
                columns = JsonSerializer.Deserialize(line, EmbeddedJson.Default.IReadOnlyListQueryColumn)!;
                isFirst = false;
                continue;
            }

            try
            {
                using var row = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 1_000 });
                rows.Add(row.RootElement.Clone());
            }
            catch (JsonException)
            {
                // The last line of a process that was ended.
                return null;
            }
        }

        return null;
    }

    /// <summary>Ends the process when it takes more than it may.</summary>
    /// <returns>What it took; null when it ended before.</returns>
    private async Task<QueryException?> WatchAsync(Process worker, QueryRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var longest = TimeSpan.FromSeconds(request.Seconds) + Grace;
        var most = (request.MemoryMegabytes * Megabyte) + request.AnswerBytes + OwnBytes;
        try
        {
            using var ticks = new PeriodicTimer(BetweenLooks, time);
            while (await ticks.WaitForNextTickAsync(cancellationToken) && !worker.HasExited)
            {
                worker.Refresh();
                if (worker.WorkingSet64 > most)
                {
                    Kill(worker);
                    return new(QueryFault.Size, "It took more memory than a query gets here and was stopped. Ask for fewer days, or make smaller texts and lists.");
                }

                if (time.GetElapsedTime(started) > longest)
                {
                    Kill(worker);
                    return new(QueryFault.Time, QueryFaults.TooLong);
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }

        return null;
    }

    private static async Task<string> TextOf(Task<string> reading)
    {
        try
        {
            return await reading;
        }
        catch (OperationCanceledException)
        {
            return "";
        }
    }

    private static string Last(string errors) => errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [.., var last] ? $" ({last})" : "";

    private static void Kill(Process worker)
    {
        try
        {
            worker.Kill();
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
        {
            // It has ended.
        }
    }
}

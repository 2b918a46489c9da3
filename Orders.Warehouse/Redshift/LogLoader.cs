using System.Globalization;
using Npgsql;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// Loads what the lake has of a log and Redshift lacks. Everything that a load changes in Redshift is one
/// transaction with its ledger, so it may be killed anywhere: the next one begins from what is committed.
/// </summary>
/// <param name="ledger">The ledgers.</param>
/// <param name="lake">The lake.</param>
/// <param name="copy">Copies a staged file.</param>
/// <param name="time">The clock of its ledger.</param>
internal sealed class LogLoader(RedshiftLedger ledger, ILakeStore lake, IStagedCopy copy, TimeProvider time)
{
    private const string DataException = "22";

    /// <summary>Loads until nothing is left.</summary>
    /// <param name="session">Redshift.</param>
    /// <param name="log">The log.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<LogLoad> RunAsync(LoadSession session, ILoadedLog log, CancellationToken cancellationToken)
    {
        var failed = new Dictionary<string, FailedFile>(StringComparer.Ordinal);
        var refused = new Dictionary<string, PostgresException>(StringComparer.Ordinal);
        var isSuspicious = false;
        var loaded = 0;
        while (true)
        {
            var loading = new List<LoadedFile>();
            Round round;
            try
            {
                round = await LoadAsync(session, log, failed, loading, isSuspicious, cancellationToken);
            }
            catch (PostgresException refusal) when (loading.Count > 0 && !refusal.IsTransient && !session.IsBroken)
            {
                // One file at a time from here on. Those of a day that is loaded anew cannot be told apart.
                foreach (var file in isSuspicious || loading.Count == 1 ? loading : [])
                {
                    refused.Add(file.Path, refusal);
                    failed.Add(file.Path, new(file.Path, refusal.MessageText));
                }

                isSuspicious = true;
                continue;
            }

            loaded += round.Loaded;
            if (!round.HasMore)
            {
                return refused.Count == 0
                    ? new(log.Name, loaded, [.. failed.Values], round.Files, round.SetAside, round.Problem)
                    : await RefuseAsync(session, log, refused, new(log.Name, loaded, [.. failed.Values], round.Files, round.SetAside, round.Problem), cancellationToken);
            }
        }
    }

    /// <summary>Counts the files that Redshift refused. When it refuses all, what is in them need not be the
    /// reason: it may lack the right to read the lake, for example.</summary>
    private async Task<LogLoad> RefuseAsync(LoadSession session, ILoadedLog log, Dictionary<string, PostgresException> refused, LogLoad load, CancellationToken cancellationToken)
    {
        var tries = await RedshiftLedger.TriesAsync(session.Connection, log.Name, cancellationToken);
        var bad = refused.Where(file => load.Loaded > 0 || tries.ContainsKey(file.Key) || file.Value.SqlState.StartsWith(DataException, StringComparison.Ordinal)).Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
        return load with
        {
            SetAside = await FailAsync(session, log, [.. load.Failed.Where(file => bad.Contains(file.Path))], cancellationToken),
            Problem = load.Problem ?? refused.Where(file => !bad.Contains(file.Key)).Select(file => file.Value.MessageText).FirstOrDefault(),
        };
    }

    private async Task<Round> LoadAsync(
        LoadSession session, ILoadedLog log, Dictionary<string, FailedFile> failed, List<LoadedFile> loading, bool one, CancellationToken cancellationToken)
    {
        using var staged = new StagedFiles(lake);
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellationToken);
        await session.ExecuteAsync("lock", RedshiftSql.Statements("lock", ("ledger", log.Ledger)), cancellationToken);
        session.Begin("look");
        var live = await ledger.LiveAsync(log.Name, cancellationToken);
        var there = await RedshiftLedger.LoadedAsync(session.Connection, log, cancellationToken);
        var tries = await RedshiftLedger.TriesAsync(session.Connection, log.Name, cancellationToken);
        var planner = new LoadPlanner(staged, log.Check, there, tries, failed, session);
        var anew = await log.PrepareAsync(session, cancellationToken);
        var (plans, hasMore) = anew ? (await planner.AnewAsync(live, cancellationToken), false) : await planner.PlanAsync(live, one, cancellationToken);
        LoadedFile[] load = [.. (plans ?? []).SelectMany(plan => plan.Load)];
        LoadedFile[] added = [.. load, .. (plans ?? []).SelectMany(plan => plan.PassOver)];
        string[] gone = [.. (plans ?? []).SelectMany(plan => plan.Gone)];
        if (plans is null)
        {
            // Its columns stay as they are, too.
            await transaction.RollbackAsync(cancellationToken);
            var count = await FailAsync(session, log, planner.Failures, cancellationToken);
            return new(0, there.Count, count, HasMore: false, "A column has another type, and a file cannot be read: the table cannot be loaded anew.");
        }

        // All at once is not parted to find a file.
        loading.AddRange(anew ? [] : load);
        if (plans.Count > 0)
        {
            await ApplyAsync(session, log, staged, plans, load, added, gone, cancellationToken);
        }

        await NoteAsync(session, planner.Failures, tries, live, cancellationToken);
        session.Begin("commit");
        await transaction.CommitAsync(cancellationToken);
        if (load.Length > 0)
        {
            session.Begin("clear again");
            await StagedFiles.ClearAsync(lake, cancellationToken);
        }

        return new(load.Length, there.Count - gone.Length + added.Length, SetAside(live, tries, planner.Failures), hasMore, Problem: null);
    }

    private async Task ApplyAsync(
        LoadSession session, ILoadedLog log, StagedFiles staged, IReadOnlyList<LoadPlan> plans, LoadedFile[] load, LoadedFile[] added, string[] gone, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync("staging", [.. RedshiftSql.Statements("staging_files"), .. log.Staging()], cancellationToken);
        await session.InsertAsync(
            "staged_files", added.Select(file => new object[] { file.Path, file.Day, file.Generation, file.Rows, file.Digest.ToString(CultureInfo.InvariantCulture), time.GetUtcNow() }), cancellationToken);
        await session.InsertAsync("gone_files", gone.Select(path => new object[] { path }), cancellationToken);
        await session.InsertAsync("replaced_days", plans.SelectMany(plan => plan.Replaced).Select(day => new object[] { day }), cancellationToken);
        if (load.Length > 0)
        {
            session.Begin("write");
            foreach (var table in await log.StageAsync(staged, Guid.CreateVersion7().ToString("N"), [.. load.Select(file => file.Path)], cancellationToken))
            {
                session.Begin($"copy {table.Name}");
                await copy.CopyAsync(session.Connection, table.Table, table.Manifest, cancellationToken);
            }
        }

        foreach (var (step, statements) in log.Steps())
        {
            await session.ExecuteAsync(step, statements, cancellationToken);
        }

        await session.ExecuteAsync("ledger", RedshiftSql.Statements("ledger", ("ledger", log.Ledger)), cancellationToken);
    }

    /// <summary>Counts failures in a transaction of their own.</summary>
    /// <returns>The files that are set aside.</returns>
    private async Task<long> FailAsync(LoadSession session, ILoadedLog log, IReadOnlyList<FailedFile> failures, CancellationToken cancellationToken)
    {
        await using var transaction = await session.Connection.BeginTransactionAsync(cancellationToken);
        await session.ExecuteAsync("lock", RedshiftSql.Statements("lock", ("ledger", log.Ledger)), cancellationToken);
        var live = await ledger.LiveAsync(log.Name, cancellationToken);
        var tries = await RedshiftLedger.TriesAsync(session.Connection, log.Name, cancellationToken);
        await NoteAsync(session, failures, tries, live, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return SetAside(live, tries, failures);
    }

    private async Task NoteAsync(
        LoadSession session, IReadOnlyCollection<FailedFile> failures, IReadOnlyDictionary<string, int> tries, IReadOnlyList<LiveFile> live, CancellationToken cancellationToken)
    {
        session.Begin("failures");
        foreach (var statement in RedshiftLedger.Fail(failures, tries, live.Select(file => file.Path).ToHashSet(StringComparer.Ordinal), time.GetUtcNow()))
        {
            await session.RunAsync(statement, cancellationToken);
        }
    }

    private static long SetAside(IReadOnlyList<LiveFile> live, IReadOnlyDictionary<string, int> tries, IEnumerable<FailedFile> failures)
    {
        var failed = failures.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        return live.Count(file => tries.GetValueOrDefault(file.Path) + (failed.Contains(file.Path) ? 1 : 0) >= RedshiftLedger.MostTries);
    }

    private sealed record Round(int Loaded, long Files, long SetAside, bool HasMore, string? Problem);
}

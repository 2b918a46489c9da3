using System.Globalization;
using Npgsql;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>
/// Loads what the lake has and Redshift lacks. Everything that a load changes in Redshift is one
/// transaction with
/// its ledger, so it may be killed anywhere: the next one begins from what is committed.
/// </summary>
/// <param name="ledger">The ledgers.</param>
/// <param name="lake">The lake.</param>
/// <param name="copy">Copies a staged file.</param>
/// <param name="redshift">Redshift.</param>
/// <param name="time">The clock of its ledger.</param>
internal sealed class RedshiftLoader(RedshiftLedger ledger, ILakeStore lake, IStagedCopy copy, NpgsqlDataSource redshift, TimeProvider time)
{
    // One transaction takes so many new rows, and then whole days.
    private const long MostRows = 2_000_000;

    private bool _hasTables;

    /// <summary>For tests: called before each step.</summary>
    internal Action<string>? Step { get; set; }

    /// <summary>Loads until nothing is left.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RedshiftLoad> RunAsync(CancellationToken cancellationToken)
    {
        Begin("connect");
        await using var connection = await redshift.OpenConnectionAsync(cancellationToken);
        if (!_hasTables)
        {
            await MakeTablesAsync(connection, cancellationToken);
        }

        var failed = new Dictionary<string, FailedFile>(StringComparer.Ordinal);
        var loaded = 0;
        while (true)
        {
            using var staged = new StagedFiles(lake);
            Begin("clear");
            await staged.ClearAsync(cancellationToken);
            var round = await LoadAsync(connection, staged, failed, cancellationToken);
            Begin("clear again");
            await staged.ClearAsync(cancellationToken);
            loaded += round.Loaded;
            if (!round.HasMore)
            {
                return new(loaded, [.. failed.Values], round.Files, round.SetAside);
            }
        }
    }

    private async Task<Round> LoadAsync(NpgsqlConnection connection, StagedFiles staged, Dictionary<string, FailedFile> failed, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, "lock", RedshiftSql.Lock, cancellationToken);
        Begin("look");
        var live = await ledger.LiveAsync(cancellationToken);
        var loaded = await RedshiftLedger.LoadedAsync(connection, cancellationToken);
        var tries = await RedshiftLedger.TriesAsync(connection, cancellationToken);
        var (plans, failures, hasMore) = await PlanAsync(staged, live, loaded, tries, failed, cancellationToken);

        await ExecuteAsync(connection, "staging", RedshiftSql.Staging, cancellationToken);
        LoadedFile[] load = [.. plans.SelectMany(plan => plan.Load)];
        LoadedFile[] added = [.. load, .. plans.SelectMany(plan => plan.PassOver)];
        string[] gone = [.. plans.SelectMany(plan => plan.Gone)];
        await InsertAsync(connection, "staged_files", added.Select(file => new object[] { file.Path, file.Day, file.Generation, file.Rows, file.Digest.ToString(CultureInfo.InvariantCulture), time.GetUtcNow() }), cancellationToken);
        await InsertAsync(connection, "gone_files", gone.Select(path => new object[] { path }), cancellationToken);
        await InsertAsync(connection, "replaced_days", plans.SelectMany(plan => plan.Replaced).Select(day => new object[] { day }), cancellationToken);
        if (load.Length > 0)
        {
            Begin("write");
            var (changes, items) = await staged.WriteAsync(Guid.CreateVersion7().ToString("N"), load, cancellationToken);
            Begin("copy changes");
            await copy.CopyAsync(connection, "staged_changes", changes, cancellationToken);
            Begin("copy items");
            await copy.CopyAsync(connection, "staged_items", items, cancellationToken);
        }

        await ExecuteAsync(connection, "replace", RedshiftSql.Replace, cancellationToken);
        await ExecuteAsync(connection, "append", RedshiftSql.Append, cancellationToken);
        await ExecuteAsync(connection, "newest", RedshiftSql.Newest, cancellationToken);
        await ExecuteAsync(connection, "merge", RedshiftSql.Merge, cancellationToken);
        await ExecuteAsync(connection, "ledger", RedshiftSql.Ledger, cancellationToken);
        Begin("failures");
        foreach (var statement in RedshiftLedger.Fail(failures, tries, live.Select(file => file.Path).ToHashSet(StringComparer.Ordinal), time.GetUtcNow()))
        {
            await RunAsync(connection, statement, cancellationToken);
        }

        Begin("commit");
        await transaction.CommitAsync(cancellationToken);
        var files = loaded.Count - gone.Length + added.Length;
        var setAside = live.Count(file => tries.GetValueOrDefault(file.Path) + (failures.Exists(each => each.Path == file.Path) ? 1 : 0) >= RedshiftLedger.MostTries);
        return new(load.Length, files, setAside, hasMore);
    }

    /// <summary>Reads new files and plans their days.</summary>
    private async Task<(List<LoadPlan> Plans, List<FailedFile> Failures, bool HasMore)> PlanAsync(
        StagedFiles staged, IReadOnlyList<LiveFile> live, IReadOnlyList<LoadedFile> loaded, IReadOnlyDictionary<string, int> tries, Dictionary<string, FailedFile> failed, CancellationToken cancellationToken)
    {
        var (plans, failures) = (new List<LoadPlan>(), new List<FailedFile>());
        var there = loaded.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var liveOf = live.ToLookup(file => file.Day);
        var loadedOf = loaded.ToLookup(file => file.Day);
        long rows = 0;
        foreach (var day in live.Select(file => file.Day).Union(loaded.Select(file => file.Day)).Order())
        {
            var isNew = liveOf[day].Any(file => !there.ContainsKey(file.Path)) || loadedOf[day].Any(file => !liveOf[day].Any(each => each.Path == file.Path));
            if (!isNew)
            {
                continue;
            }

            if (rows >= MostRows)
            {
                return (plans, failures, true);
            }

            var plan = await PlanDayAsync(day);
            if (plan is not null && plan.Load.Count + plan.PassOver.Count + plan.Gone.Count > 0)
            {
                plans.Add(plan);
                rows += plan.Load.Sum(file => file.Rows);
            }
        }

        return (plans, failures, false);

        async Task<LoadPlan?> PlanDayAsync(DateOnly day)
        {
            var files = new List<(LoadedFile File, bool Replaces)>();
            var isWhole = true;
            foreach (var file in liveOf[day])
            {
                var read = there.TryGetValue(file.Path, out var known) ? known : await ReadAsync(file);
                isWhole &= read is not null;
                if (read is not null)
                {
                    files.Add((read, file.Replaces));
                }
            }

            var plan = LoadPlan.Of(day, files, [.. loadedOf[day]], isWhole);
            // A day that is loaded anew also needs the files of it that are there.
            foreach (var file in plan is { Replaced.Count: > 0 } ? liveOf[day].Where(file => there.ContainsKey(file.Path)) : [])
            {
                if (await ReadAsync(file) is null)
                {
                    return null;
                }
            }

            return plan;
        }

        async Task<LoadedFile?> ReadAsync(LiveFile file)
        {
            if (failed.ContainsKey(file.Path) || tries.GetValueOrDefault(file.Path) >= RedshiftLedger.MostTries)
            {
                return null;
            }

            Begin("read");
            var (read, problem) = await staged.ReadAsync(file, cancellationToken);
            if (problem is not null)
            {
                failures.Add(problem);
                failed[file.Path] = problem;
            }

            return read;
        }
    }

    private async Task MakeTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "tables", RedshiftSql.Tables, cancellationToken);
        _hasTables = true;
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string step, string file, CancellationToken cancellationToken)
    {
        foreach (var statement in RedshiftSql.Statements(file))
        {
            Begin(step);
            await RunAsync(connection, statement, cancellationToken);
        }
    }

    private async Task InsertAsync(NpgsqlConnection connection, string table, IEnumerable<object[]> rows, CancellationToken cancellationToken)
    {
        Begin($"insert {table}");
        foreach (var some in rows.Chunk(500))
        {
            await RunAsync(connection, RedshiftSql.Insert(table, some), cancellationToken);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Begin(string step) => Step?.Invoke(step);

    private sealed record Round(int Loaded, long Files, long SetAside, bool HasMore);
}

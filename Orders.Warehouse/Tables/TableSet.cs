using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Tables;

/// <summary>Keeps the publication and the ledger at what the setting names.</summary>
internal sealed partial class TableSet(TablesLedger ledger, TableLooks looks, Publication publication, WarehouseSettings settings, TimeProvider time, ILogger<TableSet> logger)
{
    // A right may be granted at any time.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(30);

    private readonly List<SqlName> _tables = [.. settings.SqlTables.Select(SqlName.Parse).Distinct()];
    private long _triedAt;

    /// <summary>Whether the setting names any.</summary>
    public bool IsEmpty => _tables.Count == 0;

    /// <summary>
    /// Adds tables to the publication and takes others out, and says which need a snapshot.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<(TableVerdict Verdict, TableLook Look)>> ReconcileAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        _triedAt = time.GetTimestamp();
        var before = await ledger.ReadTablesAsync(cancellationToken);
        var found = await looks.FindAsync(_tables, cancellationToken);
        var faults = new Dictionary<SqlName, string>();
        foreach (var table in found)
        {
            if ((Fault(table) ?? (table.Entry is null ? await publication.AddAsync(table, cancellationToken) : null)) is { } fault)
            {
                faults.Add(table.Name, fault);
            }
            else if (table.Identity != 'f' && !await publication.LogOldRowsAsync(table, cancellationToken) && table.Identity != 'd')
            {
                faults.Add(table.Name, $"{table.Name} has a replica identity that is not its primary key, and this database user may not change it: ALTER TABLE {table.Name.Quoted} REPLICA IDENTITY FULL.");
            }
        }

        // Again, with the entries in the publication.
        found = await looks.FindAsync(_tables, cancellationToken);
        var verdicts = found.Select(look => (Verdict: TableVerdict.Judge(look, before.GetValueOrDefault(look.Name.ToString()), faults.GetValueOrDefault(look.Name) ?? Fault(look)), Look: look)).ToList();
        await publication.KeepAsync([.. verdicts.Where(verdict => verdict.Verdict.Record.State != TableState.Refused).Select(verdict => verdict.Look.Relation!.Value)], cancellationToken);
        await ledger.SaveTablesAsync(lease, [.. verdicts.Select(verdict => verdict.Verdict.Record)], cancellationToken);
        foreach (var (verdict, _) in verdicts.Where(verdict => verdict.Verdict.Record is { State: TableState.Refused } refused && before.GetValueOrDefault(refused.Name)?.Reason != refused.Reason))
        {
            LogRefused(verdict.Record.Reason!);
        }

        return verdicts;
    }

    /// <summary>Whether <see cref="ReconcileAsync"/> has something to do.</summary>
    public async Task<bool> HasChangedAsync(CancellationToken cancellationToken)
    {
        var before = await ledger.ReadTablesAsync(cancellationToken);
        var found = await looks.FindAsync(_tables, cancellationToken);
        return before.Count != found.Count || found.Any(look => before.GetValueOrDefault(look.Name.ToString()) is not { } record || HasChanged(look, record));
    }

    /// <summary>The tables whose changes are written, by oid.</summary>
    public async Task<IReadOnlyDictionary<uint, StreamedTable>> StreamedAsync(CancellationToken cancellationToken) =>
        (await ledger.ReadTablesAsync(cancellationToken)).Values
            .Where(table => table is { State: TableState.Streaming, Relation: not null, SnapshotLsn: not null })
            .ToDictionary(table => table.Relation!.Value, table => new StreamedTable(table.Log, table.SnapshotLsn!.Value, table.KeyColumns));

    // A refusal by the catalog is seen without trying.
    private bool HasChanged(TableLook look, TableRecord record)
    {
        var fault = Fault(look);
        if (record.State == TableState.Refused)
        {
            return fault is null ? record.Relation != look.Relation || time.GetElapsedTime(_triedAt) > BetweenTries : fault != record.Reason;
        }

        var verdict = TableVerdict.Judge(look, record, fault);
        return verdict.Need != TableNeed.Nothing || verdict.Record.State != record.State || verdict.Record.Attributes != record.Attributes;
    }

    private string? Fault(TableLook look) => look.Fault()
        ?? (_tables.Find(other => other.Log.Equals(look.Name.Log, StringComparison.OrdinalIgnoreCase)) is { } other && other != look.Name
            ? $"{look.Name} has the same log as {other}, {other.Log}: give one of them another name, or take it out of Orders__Warehouse__SqlTables."
            : null);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Reason} The other tables go on.")]
    private partial void LogRefused(string reason);
}

using Npgsql;

namespace Orders.Warehouse.Tables;

/// <summary>
/// Keeps the logs of the tables: finds the slot or makes it, takes snapshots, streams. All under a lease.
/// </summary>
internal sealed partial class TablesRunner(
    SlotLeases leases, SlotHold hold, TablesLedger ledger, ReplicationSlot slot, Publication publication, TableSet tables, TableSnapshots snapshots, TableFiles files, SlotStream stream, SlotNames names,
    TablesMetrics metrics, TableSteps steps, TablesState state, TimeProvider time, ILogger<TablesRunner> logger)
{
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(3);

    /// <summary>Waits for the lease and then works until something fails or it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        state.Forget();
        var lease = await leases.AcquireAsync(Wait, cancellationToken);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var holding = hold.KeepAsync(lease, held);
        try
        {
            LogHeld(lease.Slot);
            if (tables.IsEmpty)
            {
                await RetireAsync(lease, held.Token);
                return;
            }

            await slot.CheckAsync(held.Token);
            while (true)
            {
                await TurnAsync(lease, held.Token);
            }
        }
        catch (Exception lost) when (IsLost(lost) && !cancellationToken.IsCancellationRequested)
        {
            throw new TablesException("The lease of the replication slot could not be renewed: Postgres does not answer, or another instance has it.", lost);
        }
        finally
        {
            await held.CancelAsync();
            await holding;
            await hold.ReleaseAsync(lease);
        }
    }

    private void Wait()
    {
        state.Phase = "waits, since another instance reads the slot";
        state.Fail(problem: null);
    }

    private static bool IsLost(Exception failure) => failure is OperationCanceledException or PostgresException { SqlState: TablesLedger.LeaseLost };

    /// <summary>From the look at the slot to the next change of the tables.</summary>
    private async Task TurnAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        var (record, look) = (await ledger.ReadSlotAsync(cancellationToken), await slot.LookAsync(cancellationToken));
        if (SlotGap.Find(names.Slot, names.Publication, record, look) is { } gap)
        {
            LogGap(gap.Detail, record.Position.ToString());
            await ledger.BeginGapAsync(lease, gap, record.Position, cancellationToken);
            metrics.Gap(gap.Reason);
            record = record with { MadeLsn = null };
        }

        await files.AbandonAsync(lease, await ledger.FindNotedAsync(names.SnapshotSources, cancellationToken), cancellationToken);
        var noted = await ledger.FindNotedAsync(names.Source, cancellationToken);
        if (record.MadeLsn is null)
        {
            await files.AbandonAsync(lease, noted, cancellationToken);
            await BeginAsync(lease, look, cancellationToken);
        }
        else
        {
            if (noted.Count > 0)
            {
                state.Phase = "writes again what a crash left unfinished";
                await stream.RunAsync(lease, await tables.StreamedAsync(cancellationToken), record.Position, noted, stopAt: null, shouldStop: null, cancellationToken);
            }

            await publication.EnsureAsync(cancellationToken);
            await SnapshotAsync(lease, await tables.ReconcileAsync(lease, cancellationToken), cancellationToken);
        }

        await ledger.HealAsync(lease, cancellationToken);
        await ledger.NoteProblemAsync(problem: null, cancellationToken);
        state.Fail(problem: null);
        state.Phase = "reads the slot";
        await stream.RunAsync(
            lease, await tables.StreamedAsync(cancellationToken), (await ledger.ReadSlotAsync(cancellationToken)).Position, [], stopAt: null, tables.HasChangedAsync, cancellationToken);
    }

    /// <summary>Makes the slot, and reads the tables at its consistent point.</summary>
    private async Task BeginAsync(SlotLease lease, SlotLook look, CancellationToken cancellationToken)
    {
        if (look.Exists)
        {
            await slot.DropAsync(cancellationToken);
        }

        var oid = await publication.EnsureAsync(cancellationToken);
        var verdicts = await tables.ReconcileAsync(lease, cancellationToken);
        await steps.Reached(TableStep.Published);
        state.Phase = "makes the replication slot; this waits for the end of every transaction that runs";
        await using var snapshot = await slot.MakeAsync(isTemporary: false, cancellationToken);
        await steps.Reached(TableStep.SlotMade);
        await RefuseEarlierAsync(snapshot.Lsn, cancellationToken);
        await ledger.MadeAsync(lease, snapshot.Lsn, oid, cancellationToken);
        LogMade(names.Slot);
        await SnapshotAsync(lease, verdicts.Where(verdict => verdict.Verdict.Need != TableNeed.Nothing), snapshot, cancellationToken);
    }

    // Places would no longer sort as changes happened.
    private async Task RefuseEarlierAsync(ulong lsn, CancellationToken cancellationToken)
    {
        var position = (await ledger.ReadSlotAsync(cancellationToken)).Position;
        if (lsn > position.Lsn)
        {
            return;
        }

        await slot.DropAsync(cancellationToken);
        throw new TablesException(
            $"The write-ahead log of this server is at {Place.Format(lsn)}, and changes up to {position.LsnText} are stored already: the database was moved to another server (by pg_dump, for example), whose "
            + "log is younger. Raise it above that with pg_resetwal --next-wal-file on the stopped server, or begin with an empty lake and an empty schema warehouse.");
    }

    private async Task SnapshotAsync(SlotLease lease, IReadOnlyList<(TableVerdict Verdict, TableLook Look)> verdicts, CancellationToken cancellationToken)
    {
        var needs = verdicts.Where(verdict => verdict.Verdict.Need != TableNeed.Nothing).ToList();
        if (needs.Count == 0)
        {
            return;
        }

        state.Phase = "takes a snapshot; this waits for the end of every transaction that runs";
        await steps.Reached(TableStep.Published);
        await using var snapshot = await slot.MakeAsync(isTemporary: true, cancellationToken);
        if (needs.Exists(need => need.Verdict.Need == TableNeed.Again))
        {
            await stream.RunAsync(
                lease, await tables.StreamedAsync(cancellationToken), (await ledger.ReadSlotAsync(cancellationToken)).Position, [], snapshot.Lsn, shouldStop: null, cancellationToken);
        }

        await SnapshotAsync(lease, needs, snapshot, cancellationToken);
    }

    private async Task SnapshotAsync(SlotLease lease, IEnumerable<(TableVerdict Verdict, TableLook Look)> needs, ExportedSnapshot snapshot, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var wasAltered = false;
        foreach (var (verdict, look) in needs)
        {
            state.Phase = $"takes a snapshot of {look.Name}";
            wasAltered |= !await snapshots.RunAsync(lease, verdict.Record, look, snapshot, cancellationToken);
        }

        // The next turn takes a later one.
        if (wasAltered && LeastTime - time.GetElapsedTime(began) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken);
        }
    }

    /// <summary>The setting names no table any more: a slot that nobody reads would only keep the
    /// write-ahead log.</summary>
    private async Task RetireAsync(SlotLease lease, CancellationToken cancellationToken)
    {
        await files.AbandonAsync(lease, await ledger.FindNotedAsync(names.SnapshotSources, cancellationToken), cancellationToken);
        await files.AbandonAsync(lease, await ledger.FindNotedAsync(names.Source, cancellationToken), cancellationToken);
        await slot.DropAsync(cancellationToken);
        await publication.DropAsync(cancellationToken);
        await ledger.RetireAsync(lease, cancellationToken);
        LogRetired(names.Slot);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "This instance reads the replication slot {Slot}")]
    private partial void LogHeld(string slot);

    [LoggerMessage(Level = LogLevel.Information, Message = "The replication slot {Slot} is made")]
    private partial void LogMade(string slot);

    [LoggerMessage(Level = LogLevel.Information, Message = "Orders__Warehouse__SqlTables is empty: the replication slot {Slot} and its publication are dropped")]
    private partial void LogRetired(string slot);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Detail} Changes after {Position} are lost to it: a new slot and a snapshot of every table follow, which show the rows as they are now")]
    private partial void LogGap(string detail, string position);
}

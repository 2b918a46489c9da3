using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;
using Orders.Warehouse.Ledger;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Tables;

/// <summary>One run of <see cref="SlotStream"/>: the range that is being read.</summary>
internal sealed class SlotRun(PartialRows partial, TableFiles files, SlotNames names, WarehouseSettings settings, TablesState state, TimeProvider time)
{
    // A range that ends within a transaction has so many times the rows of a file.
    private const int LargestRange = 2;

    private static readonly TimeSpan BetweenConfirmations = TimeSpan.FromMilliseconds(200);

    private readonly List<TableRow> _rows = [];
    private readonly List<TableRow> _read = [];
    private long _oldest;
    private ulong _stored;
    private ulong _confirmed;
    private long _confirmedAt = time.GetTimestamp();

    /// <summary>The lease.</summary>
    public required SlotLease Lease { get; init; }

    /// <summary>The connection that streams.</summary>
    public required LogicalReplicationConnection Connection { get; init; }

    /// <summary>Reads its messages.</summary>
    public required ChangeReader Reader { get; init; }

    /// <summary>The last change that is stored.</summary>
    public required Place Position { get; set; }

    /// <summary>The range that is noted and not live; empty for none.</summary>
    public required IReadOnlyList<NotedFile> Noted { get; set; }

    /// <summary>
    /// Ends before the first transaction that was committed here or after it; null to go on.
    /// </summary>
    public required ulong? StopAt { get; init; }

    /// <summary>Whether a transaction was begun and is not ended.</summary>
    public bool InTransaction => Reader.InTransaction;

    /// <summary>Takes a message.</summary>
    /// <returns>Whether this ends.</returns>
    public async ValueTask<bool> TakeAsync(PgOutputReplicationMessage message, CancellationToken cancellationToken)
    {
        _read.Clear();
        await Reader.ReadAsync(message, _read, cancellationToken);
        if (message is BeginMessage && StopAt <= Reader.Lsn)
        {
            await FlushAsync(cancellationToken);
            return true;
        }

        if (NotedTo is { } last && (_read.Count > 0 ? _read[0].Place > last : message is BeginMessage && Reader.Lsn > last.Lsn))
        {
            // The range that was noted is read.
            await FlushAsync(cancellationToken);
            return true;
        }

        foreach (var row in _read)
        {
            if (row.Place > Position)
            {
                _oldest = _rows.Count == 0 ? time.GetTimestamp() : _oldest;
                _rows.Add(row);
            }
        }

        if (NotedTo is { } end)
        {
            if (_rows.Count > 0 && _rows[^1].Place >= end)
            {
                await FlushAsync(cancellationToken);
                return true;
            }

            return false;
        }

        if (message is CommitMessage && _rows.Count == 0)
        {
            _stored = Reader.End;
        }
        else if (IsDue(message is CommitMessage))
        {
            await FlushAsync(cancellationToken);
        }

        return false;
    }

    /// <summary>Does what is due while no message is there.</summary>
    /// <returns>Whether this ends.</returns>
    public async ValueTask<bool> RestAsync(CancellationToken cancellationToken)
    {
        if (Reader.InTransaction)
        {
            return false;
        }

        // With nothing to store, what the server says that it has read is done, too: mostly changes of other
        // tables. Only the beginning of a transaction may have come in since, which is before its end.
        var received = (ulong)Connection.LastReceivedLsn;
        if (_rows.Count == 0)
        {
            _stored = Math.Max(_stored, received);
        }

        var isOver = StopAt <= received || NotedTo?.Lsn < received;
        if (isOver || (NotedTo is null && IsDue(isWhole: true)))
        {
            await FlushAsync(cancellationToken);
        }

        await ConfirmAsync(cancellationToken);
        return isOver;
    }

    /// <summary>Writes what was read.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_rows.Count == 0 && Noted.Count == 0)
        {
            return;
        }

        var (rows, unknown) = await partial.CompleteAsync(_rows, cancellationToken);
        var with = new List<NpgsqlBatchCommand>();
        if (rows.Count > 0)
        {
            with.Add(TablesCommands.Advance(Lease, rows[^1].Place, rows.Max(row => row.CommittedAt)));
        }

        with.AddRange(unknown.Concat(Reader.Unreadable).Select(log => TablesCommands.AskSnapshot(Lease, log)));
        await files.WriteAsync(Lease, names.Source, rows, Noted, with, cancellationToken);
        Noted = [];
        Reader.Unreadable.Clear();
        if (rows.Count > 0)
        {
            Position = rows[^1].Place;
            _rows.Clear();
        }

        if (!Reader.InTransaction)
        {
            _stored = Math.Max(_stored, Reader.End);
        }

        await ConfirmAsync(cancellationToken, now: true);
    }

    private Place? NotedTo => Noted.Count == 0 ? null : Noted.Max(file => Place.Parse(file.Last));

    // A transaction is not split unless it is much larger than a file.
    private bool IsDue(bool isWhole) => isWhole
        ? _rows.Count >= settings.FileRows || (_rows.Count > 0 && time.GetElapsedTime(_oldest) >= settings.FileAge)
        : _rows.Count >= LargestRange * settings.FileRows;

    private async ValueTask ConfirmAsync(CancellationToken cancellationToken, bool now = false)
    {
        state.Stored(_stored);
        if (_stored <= _confirmed || (!now && time.GetElapsedTime(_confirmedAt) < BetweenConfirmations))
        {
            return;
        }

        _confirmed = _stored;
        _confirmedAt = time.GetTimestamp();
        Connection.SetReplicationStatus(new NpgsqlLogSequenceNumber(_confirmed));
        await Connection.SendStatusUpdate(cancellationToken);
    }
}

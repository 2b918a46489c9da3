using Npgsql;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>Loads what the lake has and Redshift lacks, one log after the other.</summary>
/// <param name="ledger">The ledgers.</param>
/// <param name="lake">The lake.</param>
/// <param name="copy">Copies a staged file.</param>
/// <param name="redshift">Redshift.</param>
/// <param name="time">The clock of its ledger.</param>
internal sealed class RedshiftLoader(RedshiftLedger ledger, ILakeStore lake, IStagedCopy copy, NpgsqlDataSource redshift, TimeProvider time)
{
    private readonly LogLoader _loader = new(ledger, lake, copy, time);
    private bool _hasTables;

    /// <summary>For tests: called before each step.</summary>
    internal Action<string>? Step { get; set; }

    /// <summary>Loads until nothing is left. What Redshift refuses of one log does not keep back the
    /// others.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<RedshiftLoad> RunAsync(CancellationToken cancellationToken)
    {
        Step?.Invoke("connect");
        await using var connection = await redshift.OpenConnectionAsync(cancellationToken);
        var session = new LoadSession(connection, Step);
        if (!_hasTables)
        {
            await session.ExecuteAsync("tables", RedshiftSql.Statements("tables"), cancellationToken);
            _hasTables = true;
        }

        session.Begin("clear");
        await StagedFiles.ClearAsync(lake, cancellationToken);
        var done = new List<LogLoad>();
        foreach (var log in (IEnumerable<ILoadedLog>)[new LoadedOrders(), .. await ledger.TablesAsync(cancellationToken)])
        {
            done.Add(await RunAsync(session, log, cancellationToken));
        }

        return new(done);
    }

    private async Task<LogLoad> RunAsync(LoadSession session, ILoadedLog log, CancellationToken cancellationToken)
    {
        if (log is LoadedTable { Fault: { } fault })
        {
            return new(log.Name, 0, [], Files: 0, SetAside: 0, fault);
        }

        try
        {
            return await _loader.RunAsync(session, log, cancellationToken);
        }
        catch (PostgresException refusal) when (!refusal.IsTransient && !session.IsBroken)
        {
            return new(log.Name, 0, [], Files: null, SetAside: null, refusal.MessageText);
        }
    }
}

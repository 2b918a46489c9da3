using Npgsql;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Postgres;

/// <summary>One process' connections to Postgres.</summary>
internal sealed class PostgresPool(World world, Link link)
{
    private readonly Stack<PostgresSession> _idle = [];
    private int _clearings;

    public Link Link => link;

    /// <summary>Asks over one of them.</summary>
    /// <param name="serve">What the server does.</param>
    /// <param name="writes">Whether it must be allowed to write.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<T> UseAsync<T>(Func<Task<T>> serve, bool writes, CancellationToken cancellationToken)
    {
        var session = _idle.Count > 0 ? _idle.Pop() : new PostgresSession();
        var clearings = _clearings;
        var isGood = false;
        try
        {
            var result = await link.CallAsync(() => world.Postgres.ServeAsync(session, serve, writes), cancellationToken);
            isGood = true;
            return result;
        }
        catch (PostgresException)
        {
            isGood = true;
            throw;
        }
        finally
        {
            // What was cut off in the middle is no use any more.
            if (isGood && clearings == _clearings)
            {
                _idle.Push(session);
            }
        }
    }

    public Task<T> UseAsync<T>(Func<T> serve, bool writes, CancellationToken cancellationToken) => UseAsync(() => Task.FromResult(serve()), writes, cancellationToken);

    /// <summary>
    /// The rule of the product's PostgresSessions: what a session's settings can be the cause of, no session
    /// of before meets again.
    /// </summary>
    /// <remarks>Modelled: the product's own class clears an NpgsqlDataSource, which cannot be
    /// modelled.</remarks>
    public void Note(Exception failure)
    {
        if (failure is not PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable } || world.Lacks(Repair.FreshSessions))
        {
            return;
        }

        _clearings++;
        _idle.Clear();
    }
}

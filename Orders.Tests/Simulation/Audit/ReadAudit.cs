using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// No read brings a state older than one that was committed a second before it began, whatever it comes
/// from; none goes back behind what its reader was told before; and none brings an order back that was seen
/// deleted. Each ends in time, with an answer or without.
/// </summary>
internal sealed class ReadAudit(Auditor auditor, World world)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly HashSet<SimulatedRead> _underWay = [];
    private readonly Dictionary<(string Reader, Guid OrderId), int> _told = [];

    /// <summary>Reads that were answered, and those of them that came from Redis.</summary>
    public (int All, int FromRedis) Answered { get; private set; }

    public SimulatedRead Begin(string reader, SimulatedProcess query, Guid orderId)
    {
        var read = new SimulatedRead(reader, query.Name, orderId, world.Now, query.Freezes, _told.GetValueOrDefault((reader, orderId)));
        _underWay.Add(read);
        world.After(Limit, () => CheckEnded(read, query));
        return read;
    }

    /// <summary>It ends without an answer: 503.</summary>
    public void End(SimulatedRead read) => _underWay.Remove(read);

    public void End(SimulatedRead read, byte[]? body, string from)
    {
        End(read);
        Answered = (Answered.All + 1, Answered.FromRedis + (from == "Redis" ? 1 : 0));
        var committed = auditor.Rows.StateAt(read.OrderId, read.BeganAt - Grace);
        if (auditor.Rows.Find(read.OrderId, body, committed) is not { } state)
        {
            auditor.Break("no read is older than what was committed a second before", $"{read.Reader} read of {read.OrderId} at {read.Query} from {from}: {Text(body)}; state {committed} was committed, began {read.BeganAt}");
            return;
        }

        if (auditor.Rows.Find(read.OrderId, body, read.Told) is null)
        {
            auditor.Break("no reader goes back", $"{read.Reader} read of {read.OrderId} at {read.Query} from {from} state {state}, and was told state {read.Told} before");
        }

        _told[(read.Reader, read.OrderId)] = Math.Max(state, _told.GetValueOrDefault((read.Reader, read.OrderId)));
    }

    // Who is dead or frozen answers nobody.
    private void CheckEnded(SimulatedRead read, SimulatedProcess query)
    {
        if (_underWay.Remove(read) && query.IsRunning && query.Freezes == read.Freezes)
        {
            auditor.Break("each read is answered in time", $"{read.Reader} read of {read.OrderId} at {read.Query} began {read.BeganAt} and waits");
        }
    }

    private static string Text(byte[]? body) => body is null ? "nothing" : System.Text.Encoding.UTF8.GetString(body);
}

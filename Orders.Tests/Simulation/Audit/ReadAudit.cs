namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// No read brings a state older than one that was committed a second before it began, whatever it comes from; none goes back behind what its reader was told
/// before; and none brings an order back that was seen deleted.
/// </summary>
internal sealed class ReadAudit(Auditor auditor, World world)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<(string Reader, Guid OrderId), int> _told = [];

    /// <summary>Reads that were answered, and those of them that came from Redis.</summary>
    public (int All, int FromRedis) Answered { get; private set; }

    public SimulatedRead Begin(string reader, string query, Guid orderId) => new(reader, query, orderId, world.Now, _told.GetValueOrDefault((reader, orderId)));

    public void End(SimulatedRead read, byte[]? body, string from)
    {
        Answered = (Answered.All + 1, Answered.FromRedis + (from == "Redis" ? 1 : 0));
        var committed = auditor.Rows.StateAt(read.OrderId, read.BeganAt - Grace);
        if (auditor.Rows.Find(read.OrderId, body, committed) is not { } state)
        {
            auditor.Break("no read is older than what was committed a second before", $"{read.Reader} read of {read.OrderId} at {read.Query} from {from}: {Text(body)}; state {committed} was committed, began {read.BeganAt}");
            return;
        }

        if (auditor.Rows.Find(read.OrderId, body, read.Told) is null)
            auditor.Break("no reader goes back", $"{read.Reader} read of {read.OrderId} at {read.Query} from {from} state {state}, and was told state {read.Told} before");
        _told[(read.Reader, read.OrderId)] = Math.Max(state, _told.GetValueOrDefault((read.Reader, read.OrderId)));
    }

    private static string Text(byte[]? body) => body is null ? "nothing" : System.Text.Encoding.UTF8.GetString(body);
}

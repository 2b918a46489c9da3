using System.Text.Json;

namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// The rows of Postgres are states that the table had, never go back, and are the table's when all is at
/// rest.
/// </summary>
internal sealed class RowAudit(Auditor auditor, World world)
{
    private readonly Dictionary<Guid, List<(int State, TimeSpan At)>> _committed = [];

    /// <summary>The newest state that was committed up to a moment.</summary>
    public int StateAt(Guid orderId, TimeSpan at) => _committed.TryGetValue(orderId, out var states) ? states.FindLast(entry => entry.At <= at).State : 0;

    public void Committed(Guid orderId, long version, byte[]? body)
    {
        if (!_committed.TryGetValue(orderId, out var states))
        {
            _committed[orderId] = states = [(0, TimeSpan.Zero)];
        }

        var before = states[^1].State;
        if (Find(orderId, body, before) is not { } state)
        {
            auditor.Break("a row is what the table had, and never goes back", $"{orderId} became version {version} after state {before}: {Text(body)}");
            return;
        }

        world.Log.Add("postgres", $"{Table.OrderTable.Short(orderId)} is state {state}");
        states.Add((state, world.Now));
    }

    public void CheckAtRest()
    {
        foreach (var orderId in auditor.Table.Orders)
        {
            var expected = auditor.Table.Of(orderId).Count - 1;
            var stored = world.Postgres.Model.Find(orderId);
            var isThere = stored?.Body is not null;
            var wanted = auditor.Table.Latest(orderId).State;
            if (isThere != wanted is not null || (isThere && Find(orderId, stored!.Body, expected) != expected))
            {
                auditor.Break("at rest Postgres has what the table has", $"{orderId} is {Text(stored?.Body)}, and should be state {expected}, {wanted}");
            }
        }
    }

    /// <summary>
    /// Which state of the table an answer is, at or after another state; null when it is none.
    /// </summary>
    /// <param name="orderId">The order.</param>
    /// <param name="body">The rendered order; null for none.</param>
    /// <param name="from">The state that was there before.</param>
    public int? Find(Guid orderId, byte[]? body, int from)
    {
        if (body is null)
        {
            return auditor.Table.FindAbsent(orderId, from);
        }

        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        var state = auditor.Table.Find(orderId, (root.GetProperty("version").GetInt64(), root.GetProperty("amount").GetDecimal()));
        var isWhole = state is { } index && root.GetProperty("order_id").GetGuid() == orderId
            && string.Equals(root.GetProperty("status").GetString(), auditor.Table.Of(orderId)[index].State!.Value.Status, StringComparison.OrdinalIgnoreCase);
        return isWhole && state >= from ? state : null;
    }

    private static string Text(byte[]? body) => body is null ? "nothing" : System.Text.Encoding.UTF8.GetString(body);
}

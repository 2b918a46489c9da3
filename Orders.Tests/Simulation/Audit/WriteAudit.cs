using Orders.Tests.Simulation.Writers;

namespace Orders.Tests.Simulation.Audit;

/// <summary>
/// What the write API answers is so: what it says is done is, what it refuses is not, and nothing is done
/// twice.
/// </summary>
internal sealed class WriteAudit(Auditor auditor, World world)
{
    private readonly List<(SimulatedWrite Write, WriteAnswer Answer, TimeSpan At)> _answered = [];
    private int _requests;

    public SimulatedWrite Begin(string client, Guid orderId, long? ifMatch) => new($"{client}.{++_requests}", orderId, ifMatch, world.Now);

    public void End(SimulatedWrite write, WriteAnswer answer)
    {
        world.Log.Add(write.Name, $"{Table.OrderTable.Short(write.OrderId)} {answer}");
        _answered.Add((write, answer, world.Now));
    }

    /// <summary>What goes wrong in a request is a fault of the store, and is answered as such.</summary>
    public void Fail(SimulatedWrite write, Exception failure)
    {
        End(write, WriteAnswer.Failed);
        auditor.Break("no fault of the store is the write API's", $"{write.Name} of {write.OrderId}: {failure.GetType().Name}: {failure.Message}");
    }

    /// <summary>Everything that was under way has come to its end.</summary>
    public void CheckAtRest()
    {
        foreach (var (write, answer, at) in _answered)
        {
            var states = auditor.Table.Of(write.OrderId);
            var own = states.Count(state => state.By == write.Name);
            if (own > 1)
            {
                Break(write, answer, $"was carried out {own} times");
            }

            if (own > 0 && answer is WriteAnswer.NotFound or WriteAnswer.Stale or WriteAnswer.Forbidden or WriteAnswer.Unavailable && own > 0)
            {
                Break(write, answer, "was carried out all the same");
            }

            var isSo = answer switch
            {
                WriteAnswer.NotFound => Held(states, write, at).Any(state => state.State is null),
                WriteAnswer.Stale => Held(states, write, at).Any(state => state.State is { } there && there.Version != write.IfMatch),
                _ => true,
            };
            if (!isSo)
            {
                Break(write, answer, "was not so at any time while it was asked");
            }
        }
    }

    // What the table held from a request's beginning to its answer.
    private static IEnumerable<TableEntry> Held(IReadOnlyList<TableEntry> states, SimulatedWrite write, TimeSpan until) =>
        states.Where((state, index) => state.At <= until && (index + 1 == states.Count || states[index + 1].At >= write.BeganAt));

    private void Break(SimulatedWrite write, WriteAnswer answer, string what) =>
        auditor.Break("what the write API answers is so", $"{write.Name} of {write.OrderId}, if {write.IfMatch}: {answer}, and it {what}");
}

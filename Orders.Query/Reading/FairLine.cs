using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Reading;

/// <summary>
/// Lets as much work run at once as is useful, in fair shares: a key may run as much as is still free, so
/// one alone runs half. The others wait, and go by start-time fair queuing (Goyal, Vin and Cheng): a key
/// that asks for much waits behind its own work, and not before that of others. What would not have its turn
/// in time is refused at once. Safe for use by several threads.
/// </summary>
/// <param name="capacity">How much may run at once, in units of cost.</param>
/// <param name="patience">How long a turn may take to come.</param>
/// <param name="time">The clock.</param>
internal sealed class FairLine(int capacity, TimeSpan patience, TimeProvider time)
{
    // The weight of the newest duration in the average.
    private const double Newest = 0.1;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Flow> _flows = new(StringComparer.Ordinal);
    private readonly List<Flow> _waitingFlows = [];
    private double _virtualTime;
    private double _secondsPerUnit;
    private int _running;
    private int _waiting;

    /// <summary>Begins at once if there is room.</summary>
    /// <param name="turn">Whose it is.</param>
    /// <returns>Null when it must wait.</returns>
    public ITurn? TryEnter(Turn turn)
    {
        lock (_lock)
        {
            return TryStart(turn, FlowOf(turn), out var ticket) ? ticket : null;
        }
    }

    /// <summary>Waits for the turn.</summary>
    /// <param name="turn">Whose it is.</param>
    /// <param name="cancellationToken">The caller waits no longer.</param>
    /// <exception cref="BusyException">It would not come in time: 429 when that is because of this key's own
    /// work, else 503.</exception>
    public async Task<ITurn> EnterAsync(Turn turn, CancellationToken cancellationToken)
    {
        Ticket ticket;
        lock (_lock)
        {
            var flow = FlowOf(turn);
            if (TryStart(turn, flow, out ticket))
            {
                return ticket;
            }

            if (Refusal(flow, ticket.Cost) is { } refusal)
            {
                Forget(flow);
                throw refusal;
            }

            flow.Finish = ticket.Begin + ticket.Cost;
            flow.Waiting.AddLast(ticket);
            flow.WaitingCost += ticket.Cost;
            _waiting += ticket.Cost;
            if (flow.Waiting.Count == 1)
            {
                _waitingFlows.Add(flow);
            }
        }

        await using var cancelled = cancellationToken.Register(static state => ((Ticket)state!).Cancel(), ticket);
        await ticket.Turn;
        return ticket;
    }

    private Flow FlowOf(Turn turn)
    {
        if (!_flows.TryGetValue(turn.Key, out var flow))
        {
            _flows.Add(turn.Key, flow = new Flow(turn.Key));
        }

        return flow;
    }

    private bool TryStart(Turn turn, Flow flow, out Ticket ticket)
    {
        ticket = new(this, flow, Math.Min(turn.Cost, capacity), Math.Max(_virtualTime, flow.Finish));
        if (flow.Waiting.Count > 0 || !HasRoom(flow, ticket.Cost))
        {
            return false;
        }

        Start(ticket);
        return true;
    }

    // A first piece of work needs only room, and so does the work of the service itself: it is everybody's.
    private bool HasRoom(Flow flow, int cost) =>
        flow.Running == 0 || flow.Key.Length == 0 ? _running + cost <= capacity || _running == 0 : flow.Running + cost <= capacity - _running;

    private BusyException? Refusal(Flow flow, int cost)
    {
        // The work of the service itself is little, and everybody's.
        if (flow.Key.Length == 0)
        {
            return null;
        }

        if (Wait(flow.WaitingCost + cost, Math.Max(flow.Running, 1)) > patience)
        {
            return new(StatusCodes.Status429TooManyRequests, "This key has more reads waiting than can be answered in time.", RetryAfter);
        }

        return Wait(_waiting + cost, capacity) > patience
            ? new(StatusCodes.Status503ServiceUnavailable, "More reads wait than can be answered in time.", RetryAfter)
            : null;
    }

    private TimeSpan Wait(int cost, int atOnce) => TimeSpan.FromSeconds(cost * _secondsPerUnit / atOnce);

    private void Start(Ticket ticket)
    {
        _running += ticket.Cost;
        ticket.Flow.Running += ticket.Cost;
        ticket.Flow.Finish = Math.Max(ticket.Flow.Finish, ticket.Begin + ticket.Cost);
        _virtualTime = Math.Max(_virtualTime, ticket.Begin);
        ticket.StartedAt = time.GetTimestamp();
    }

    private void End(Ticket ticket)
    {
        lock (_lock)
        {
            if (ticket.IsAnswered)
            {
                var seconds = time.GetElapsedTime(ticket.StartedAt).TotalSeconds / ticket.Cost;
                _secondsPerUnit = _secondsPerUnit == 0 ? seconds : _secondsPerUnit + (Newest * (seconds - _secondsPerUnit));
            }

            _running -= ticket.Cost;
            ticket.Flow.Running -= ticket.Cost;
            StartNext();
            Forget(ticket.Flow);
        }
    }

    private void StartNext()
    {
        while (Next() is { } ticket)
        {
            Leave(ticket);
            // One that was cancelled in this moment takes no room.
            if (ticket.TryBegin())
            {
                Start(ticket);
            }
        }
    }

    private Ticket? Next()
    {
        Ticket? next = null;
        foreach (var flow in _waitingFlows)
        {
            var first = flow.Waiting.First!.Value;
            if ((next is null || first.Begin < next.Begin) && HasRoom(flow, first.Cost))
            {
                next = first;
            }
        }

        return next;
    }

    private void Leave(Ticket ticket)
    {
        var flow = ticket.Flow;
        if (!flow.Waiting.Remove(ticket))
        {
            return;
        }

        flow.WaitingCost -= ticket.Cost;
        _waiting -= ticket.Cost;
        if (flow.Waiting.Count == 0)
        {
            _waitingFlows.Remove(flow);
        }
    }

    // Keys come and go: one without work is forgotten.
    private void Forget(Flow flow)
    {
        if (flow is { Running: 0, Waiting.Count: 0 } && _flows.TryGetValue(flow.Key, out var known) && known == flow)
        {
            _ = _flows.Remove(flow.Key);
        }
    }

    /// <summary>Work that runs. Dispose of it when it has ended.</summary>
    public interface ITurn : IDisposable
    {
        /// <summary>
        /// The work got its answer, so its duration counts. How long a store that does not answer takes says
        /// nothing about the next turn.
        /// </summary>
        void Answered();
    }

    private sealed class Flow(string key)
    {
        public string Key => key;

        public LinkedList<Ticket> Waiting { get; } = new();

        public int WaitingCost { get; set; }

        public int Running { get; set; }

        /// <summary>The virtual time at which all of its work so far ends.</summary>
        public double Finish { get; set; }
    }

    private sealed class Ticket(FairLine line, Flow flow, int cost, double begin) : ITurn
    {
        // The one who ends his turn must not run the next one's code.
        private readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _ended;

        public Flow Flow => flow;

        public int Cost => cost;

        public double Begin => begin;

        public long StartedAt { get; set; }

        public bool IsAnswered { get; private set; }

        public Task Turn => _turn.Task;

        public void Answered() => IsAnswered = true;

        public bool TryBegin() => _turn.TrySetResult();

        public void Cancel()
        {
            if (!_turn.TrySetCanceled())
            {
                return;
            }

            lock (line._lock)
            {
                line.Leave(this);
                line.Forget(flow);
                // The first of a key may have kept its second one, which fits, from running.
                line.StartNext();
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
            {
                line.End(this);
            }
        }
    }
}

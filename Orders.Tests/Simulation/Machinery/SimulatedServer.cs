namespace Orders.Tests.Simulation.Machinery;

/// <summary>
/// Something that is asked over the network. It may be away, or frozen: then it answers when it goes on.
/// </summary>
internal class SimulatedServer(string name)
{
    private readonly List<Action> _held = [];

    public string Name => name;

    /// <summary>Whether connections are refused.</summary>
    public bool IsDown { get; set; }

    public bool IsFrozen { get; private set; }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        var held = _held.ToList();
        _held.Clear();
        held.ForEach(request => request());
    }

    /// <summary>Takes a request: now, or when it goes on.</summary>
    public void Take(Action request)
    {
        if (IsFrozen)
        {
            _held.Add(request);
        }
        else
        {
            request();
        }
    }
}

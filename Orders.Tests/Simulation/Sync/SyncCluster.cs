namespace Orders.Tests.Simulation.Sync;

/// <summary>The instances of Orders.Sync: whoever is killed or stopped is replaced after a while.</summary>
internal sealed class SyncCluster
{
    private readonly World _world;
    private readonly SyncInstance[] _instances;
    private int _started;

    public SyncCluster(World world, int count)
    {
        _world = world;
        _instances = new SyncInstance[count];
        for (var i = 0; i < count; i++)
        {
            Start(i);
        }
    }

    /// <summary>One in each place, dead ones too.</summary>
    public IReadOnlyList<SyncInstance> Instances => _instances;

    public IEnumerable<SyncInstance> Running => _instances.Where(instance => instance.Process.IsRunning);

    /// <summary>Ends one; another comes in its place.</summary>
    public void Replace(int place, bool isKilled, TimeSpan after)
    {
        var instance = _instances[place];
        if (isKilled || instance.IsStopping)
        {
            instance.Kill();
        }
        else
        {
            instance.Stop();
        }

        _world.After(after, () =>
        {
            if (_instances[place] == instance)
            {
                Start(place);
            }
        });
    }

    /// <summary>Starts one where none runs.</summary>
    public void StartAll()
    {
        for (var place = 0; place < _instances.Length; place++)
        {
            if (_instances[place].IsStopping || _instances[place].Process.IsDead)
            {
                Start(place);
            }
        }
    }

    private void Start(int place)
    {
        var instance = _instances[place] = new SyncInstance(_world, $"sync-{(char)('a' + place)}{++_started}");
        _world.Log.Add(instance.Process.Name, "starts");
        instance.Start();
    }
}

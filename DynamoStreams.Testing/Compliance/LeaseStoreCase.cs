namespace DynamoStreams.Testing.Compliance;

/// <summary>One promise of a lease store, as a test.</summary>
public sealed class LeaseStoreCase
{
    private readonly Func<Trial, Task> _run;

    internal LeaseStoreCase(Func<Trial, Task> run) => (Name, _run) = (run.Method.Name.Replace('_', ' '), run);

    /// <summary>The promise, as a sentence. Unique among the cases.</summary>
    public string Name { get; }

    /// <summary>Tests the promise.</summary>
    /// <param name="subject">The store, empty.</param>
    /// <exception cref="ComplianceException">The store breaks the promise.</exception>
    public Task RunAsync(ILeaseStoreUnderTest subject) => _run(new Trial(subject));

    /// <inheritdoc/>
    public override string ToString() => Name;
}

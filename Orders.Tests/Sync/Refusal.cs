namespace Orders.Tests.Sync;

/// <summary>Postgres refuses the orders of a customer, until this is disposed of.</summary>
internal sealed class Refusal : IAsyncDisposable
{
    private readonly Func<Task> _end;

    private Refusal(Func<Task> end) => _end = end;

    /// <summary>Begins.</summary>
    /// <param name="execute">Executes a statement.</param>
    /// <param name="customer">The customer.</param>
    public static async Task<Refusal> OfAsync(Func<string, Task> execute, string customer)
    {
        await execute($"ALTER TABLE orders ADD CONSTRAINT no_{customer} CHECK (customer_id <> '{customer}') NOT VALID");
        return new(() => execute($"ALTER TABLE orders DROP CONSTRAINT no_{customer}"));
    }

    public async ValueTask DisposeAsync() => await _end();
}

using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Reading;

/// <summary>
/// Whose read it is, and what it costs: how reads queue for Postgres in <see cref="FairLine"/>.
/// </summary>
/// <param name="Key">The key's id; empty for a read of the service itself.</param>
/// <param name="Cost">1 for a look by id; more for what reads many rows.</param>
internal sealed record Turn(string Key, int Cost)
{
    private const int RowsPerUnit = 50;

    private static readonly AsyncLocal<Turn?> Ambient = new();
    private static readonly Turn OfService = new("", 1);

    /// <summary>Of the request that runs now.</summary>
    public static Turn Current => Ambient.Value ?? OfService;

    /// <summary>Begins the turn of a request; it lasts until the calling method ends.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="rows">How many rows it may read.</param>
    public static void Begin(Caller caller, int rows) => Ambient.Value = new(caller.KeyId, 1 + (rows / RowsPerUnit));
}

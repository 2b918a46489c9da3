namespace Orders.Api.Place;

/// <summary>The result of placing an order with an Idempotency-Key.</summary>
internal abstract record Placement
{
    private Placement()
    {
    }

    /// <summary>The order is placed.</summary>
    public sealed record New : Placement
    {
        public static readonly New Instance = new();
    }

    /// <summary>An earlier request placed it; this is its response.</summary>
    public sealed record Replayed(Guid OrderId, byte[] Answer) : Placement;

    /// <summary>The key was used for another order.</summary>
    public sealed record KeyReused : Placement
    {
        public static readonly KeyReused Instance = new();
    }
}

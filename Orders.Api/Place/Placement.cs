namespace Orders.Api.Place;

/// <summary>How placing an order under an Idempotency-Key ended.</summary>
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

    /// <summary>An earlier request placed it; this is what it was answered.</summary>
    public sealed record Replayed(Guid OrderId, byte[] Answer) : Placement;

    /// <summary>The key has been used for another order.</summary>
    public sealed record KeyReused : Placement
    {
        public static readonly KeyReused Instance = new();
    }
}

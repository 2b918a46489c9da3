namespace Orders.Api.Store;

/// <summary>
/// DynamoDB did not do its part: it is away or busy, its answer cannot be read, or we have more waiting for
/// it than we let.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="mayBeCarriedOut">Whether the request may have been carried out, or may still be.</param>
/// <param name="innerException">What the store's client threw.</param>
/// <param name="orderId">The order that the request would have placed, where the caller does not know it
/// yet.</param>
internal class StoreException(string message, bool mayBeCarriedOut, Exception? innerException = null, Guid? orderId = null)
    : Exception(message, innerException)
{
    /// <summary>
    /// Whether the request may have been carried out, or may still be: then the caller must look.
    /// </summary>
    public bool MayBeCarriedOut => mayBeCarriedOut;

    /// <summary>The order that the request would have placed.</summary>
    public Guid? OrderId => orderId;
}

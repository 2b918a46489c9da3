namespace Orders.Api.Store;

/// <summary>
/// DynamoDB failed: it is unavailable or busy, its response cannot be read, or too many requests wait for
/// it.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="mayBeCarriedOut">Whether the request may have been executed, or may still be.</param>
/// <param name="innerException">The exception of the store's client.</param>
/// <param name="orderId">The order that the request would have placed, if the client does not know its
/// id.</param>
internal class StoreException(string message, bool mayBeCarriedOut, Exception? innerException = null, Guid? orderId = null)
    : Exception(message, innerException)
{
    /// <summary>
    /// Whether the request may have been executed, or may still be: then the client must check.
    /// </summary>
    public bool MayBeCarriedOut => mayBeCarriedOut;

    /// <summary>The order that the request would have placed.</summary>
    public Guid? OrderId => orderId;
}

using Orders.Api.Place;
using Orders.Api.Store;

namespace Orders.Api.Batch;

/// <summary>
/// Places one order of a batch with an Idempotency-Key, as if it were a single request with its own key.
/// </summary>
internal sealed partial class IdempotentBatchWriter(IdempotentOrderWriter orders, ILogger<IdempotentBatchWriter> logger)
{
    /// <summary>Places it.</summary>
    /// <returns>The result. Never throws because of the store.</returns>
    public async Task<LineAnswer> WriteAsync(BatchLine line, string batchKey, CancellationToken cancellationToken)
    {
        var key = IdempotencyKey.OfLine(batchKey, line.Index);
        var answer = OrderAnswer.Render(line.Order);
        try
        {
            return await orders.PlaceAsync(line.Order, key, RequestHash.Of(line.Request), answer, cancellationToken) switch
            {
                Placement.Replayed first => LineAnswer.Placed(first.Answer, replayed: true),
                Placement.KeyReused => LineAnswer.KeyReused,
                _ => LineAnswer.Placed(answer),
            };
        }
        catch (Exception refused) when (StoreFaults.IsRefusal(refused))
        {
            return LineAnswer.Refused(refused.Message);
        }
        catch (BrokenItemException broken)
        {
            LogBroken(logger, line.Index, broken.Message);
            return LineAnswer.Broken(broken);
        }
        catch (StoreException failure)
        {
            LogUnavailable(logger, line.Index, failure);
            return failure.MayBeCarriedOut ? LineAnswer.UnknownWithKey : LineAnswer.NotStored;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Order {Index} of a batch meets what is broken in the table: {Reason}")]
    private static partial void LogBroken(ILogger logger, int index, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "DynamoDB is busy or away for order {Index} of a batch")]
    private static partial void LogUnavailable(ILogger logger, int index, Exception failure);
}

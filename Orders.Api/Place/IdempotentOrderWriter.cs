using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Place;

/// <summary>
/// Puts a new order and its key into the table in one transaction. Nothing is read before: the transaction's
/// condition detects a used key, and the failure returns its stored response.
/// </summary>
internal sealed class IdempotentOrderWriter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo,
    DynamoDbSettings settings,
    ConditionalWrites writes,
    ItemReader items,
    ApiSettings api,
    TimeProvider time)
{
    // DynamoDB deletes an expired item within days, not at once; until then it counts as deleted.
    private const string KeyIsFree = $"{OrderWriter.IsNew} OR {OrderAttributes.ExpiresAt} < :now";

    // The indexes of the puts in the transaction, and in its cancellation reasons.
    private const int KeyPlace = 1;

    /// <summary>Places an order, unless its key was used.</summary>
    /// <exception cref="BrokenItemException">The key's item is invalid.</exception>
    /// <exception cref="StoreException">The store is unavailable or busy, or concurrent requests with the
    /// same key blocked this one for too long.</exception>
    public async Task<Placement> PlaceAsync(Order order, string key, string requestHash, byte[] answer, CancellationToken cancellationToken)
    {
        var keyOfItem = IdempotencyItem.Key(order.MerchantId, key);
        var write = Transaction(order, keyOfItem, requestHash, answer);
        for (var tries = 1; ; tries++)
        {
            var outcome = await writes.SendAsync(token => dynamo.TransactWriteItemsAsync(write, token), cancellationToken);
            if (outcome.IsDone)
            {
                return Placement.New.Instance;
            }

            // Some servers do not return the item with the failure.
            if ((outcome.Item(KeyPlace) ?? await FindAsync(outcome, keyOfItem, cancellationToken)) is { } used)
            {
                return Decide(outcome, used, order, requestHash);
            }

            await Backoff.WaitAsync(tries, time, cancellationToken);
        }
    }

    private TransactWriteItemsRequest Transaction(Order order, Dictionary<string, AttributeValue> key, string requestHash, byte[] answer)
    {
        var now = time.GetUtcNow();
        return new TransactWriteItemsRequest
        {
            // The same token with every attempt, so that a transaction is never executed twice.
            ClientRequestToken = order.OrderId.ToString("D"),
            TransactItems =
            [
                new() { Put = new() { TableName = settings.Table, Item = OrderItem.From(order), ConditionExpression = OrderWriter.IsNew } },
                new()
                {
                    Put = new()
                    {
                        TableName = settings.Table,
                        Item = IdempotencyItem.Of(key, order.OrderId, requestHash, answer, now + api.IdempotencyLifetime),
                        ConditionExpression = KeyIsFree,
                        ExpressionAttributeValues = new(StringComparer.Ordinal) { [":now"] = IdempotencyItem.Seconds(now) },
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                },
            ],
        };
    }

    private static Placement Decide(WriteOutcome outcome, Dictionary<string, AttributeValue> used, Order order, string requestHash)
    {
        try
        {
            return IdempotencyItem.Decide(used, order.MerchantId, order.OrderId, requestHash);
        }
        catch (BrokenItemException broken) when (outcome.MayBeOurs)
        {
            throw new StoreException(broken.Message, mayBeCarriedOut: true, broken);
        }
    }

    /// <summary>The item of a used key; null when it no longer exists.</summary>
    private async Task<Dictionary<string, AttributeValue>?> FindAsync(WriteOutcome outcome, Dictionary<string, AttributeValue> key, CancellationToken cancellationToken)
    {
        try
        {
            return await items.FindAsync(key, cancellationToken);
        }
        catch (StoreException failure) when (outcome.MayBeOurs)
        {
            throw new StoreException(failure.Message, mayBeCarriedOut: true, failure);
        }
    }
}

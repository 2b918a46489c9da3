using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Place;

/// <summary>
/// Puts a new order and the key it came with into the table, both or neither. Nothing is read beforehand:
/// the transaction's own condition finds a used key and brings back what it was answered.
/// </summary>
internal sealed class IdempotentOrderWriter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo,
    DynamoDbSettings settings,
    ConditionalWrites writes,
    ItemReader items,
    ApiSettings api,
    TimeProvider time)
{
    // DynamoDB deletes an expired item within days, not at once; until then it counts as gone.
    private const string KeyIsFree = $"{OrderWriter.IsNew} OR {OrderAttributes.ExpiresAt} < :now";

    // The puts' places in the transaction, and in the reasons for its cancellation.
    private const int KeyPlace = 1;

    /// <summary>Places an order, unless its key has been used.</summary>
    /// <exception cref="BrokenItemException">The key's item cannot be read.</exception>
    /// <exception cref="StoreException">The store is away or busy, or others with the same key did not let
    /// this one through in time.</exception>
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

            // The answer may lack the item where the server does not bring it back.
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
            // The same token with every try: one that got through unnoticed is then not carried out twice.
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

    /// <summary>The item of a used key; null when it is not there any more.</summary>
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

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Store;

/// <summary>Reads one item with a strongly consistent read, since it decides about the next write.</summary>
internal sealed class ItemReader(IAmazonDynamoDB dynamo, DynamoDbSettings settings)
{
    /// <summary>The item; null if it does not exist: DynamoDB then answers with an empty object.</summary>
    /// <exception cref="StoreException">The store is unavailable or busy, or the response has another
    /// item.</exception>
    public async Task<Dictionary<string, AttributeValue>?> FindAsync(Dictionary<string, AttributeValue> key, CancellationToken cancellationToken)
    {
        var item = await ReadAsync(key, cancellationToken);
        return item is null || item.GetValueOrDefault(OrderAttributes.Pk)?.S == key[OrderAttributes.Pk].S
            ? item
            : throw new StoreException("the store answers with an item that it was not asked for", mayBeCarriedOut: false);
    }

    private async Task<Dictionary<string, AttributeValue>?> ReadAsync(Dictionary<string, AttributeValue> key, CancellationToken cancellationToken)
    {
        try
        {
            var read = await dynamo.GetItemAsync(new GetItemRequest { TableName = settings.Table, Key = key, ConsistentRead = true }, cancellationToken);
            return read.IsItemSet ? read.Item : null;
        }
        catch (Exception failure)
        {
            throw new StoreException(failure.Message, mayBeCarriedOut: false, failure);
        }
    }
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults;

namespace Orders.Api.Store;

/// <summary>Reads one order as it stands at this moment: what decides over the next write must not be old.</summary>
internal sealed class OrderFinder(IAmazonDynamoDB dynamo, DynamoDbSettings settings)
{
    /// <summary>The order; null when there is none.</summary>
    /// <exception cref="InvalidDataException">What is stored under its key says that it is an order, and cannot be read as one.</exception>
    public async Task<Order?> FindAsync(Guid orderId, CancellationToken cancellationToken)
    {
        var read = await dynamo.GetItemAsync(
            new GetItemRequest { TableName = settings.Table, Key = OrderItem.Key(orderId), ConsistentRead = true }, cancellationToken);
        return read.IsItemSet ? Read(orderId, read.Item) : null;
    }

    private static Order? Read(Guid orderId, Dictionary<string, AttributeValue> item)
    {
        if (OrderItem.TryRead(item, out var order, out var fault))
        {
            return order;
        }

        return fault.Kind == ItemFaultKind.OtherEntity ? null : throw new InvalidDataException($"The item of order {orderId} is broken: {fault}");
    }
}

using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults;

namespace Orders.Api.Delete;

/// <summary>Deletes an order under a condition; says whether it held.</summary>
internal sealed class OrderDeleter(IAmazonDynamoDB dynamo, DynamoDbSettings settings)
{
    // DynamoDB takes no more operands for one IN.
    private const int MostMerchants = 100;
    private const string IsOrder = $"{OrderAttributes.Entity} = :order";

    /// <summary>Whether a caller's merchants fit into a condition.</summary>
    public static bool CanNameMerchants(Caller caller) => caller.AllMerchants || caller.Merchants.Count is > 0 and <= MostMerchants;

    /// <summary>Deletes the order if it is one that the caller may use. One call, nothing is read beforehand.</summary>
    public Task<bool> TryDeleteAsync(Guid orderId, Caller caller, CancellationToken cancellationToken)
    {
        var values = Values();
        if (caller.AllMerchants)
        {
            return TryDeleteAsync(orderId, IsOrder, values, cancellationToken);
        }

        var names = new List<string>(caller.Merchants.Count);
        foreach (var merchant in caller.Merchants)
        {
            names.Add($":m{names.Count}");
            values.Add(names[^1], new() { S = merchant });
        }

        var condition = $"{IsOrder} AND {OrderAttributes.MerchantId} IN ({string.Join(", ", names)})";
        return TryDeleteAsync(orderId, condition, values, cancellationToken);
    }

    /// <summary>Deletes the order if it still is as it was read.</summary>
    public Task<bool> TryDeleteAsync(Order order, CancellationToken cancellationToken)
    {
        var values = Values();
        values.Add(":version", new() { N = order.Version.ToString(CultureInfo.InvariantCulture) });
        values.Add(":merchant", new() { S = order.MerchantId });
        const string isUnchanged = $"{IsOrder} AND {OrderAttributes.Version} = :version AND {OrderAttributes.MerchantId} = :merchant";
        return TryDeleteAsync(order.OrderId, isUnchanged, values, cancellationToken);
    }

    private static Dictionary<string, AttributeValue> Values() => new(StringComparer.Ordinal) { [":order"] = new() { S = OrderAttributes.OrderEntity } };

    private async Task<bool> TryDeleteAsync(Guid orderId, string condition, Dictionary<string, AttributeValue> values, CancellationToken cancellationToken)
    {
        try
        {
            var delete = new DeleteItemRequest
            {
                TableName = settings.Table,
                Key = OrderItem.Key(orderId),
                ConditionExpression = condition,
                ExpressionAttributeValues = values,
            };
            _ = await dynamo.DeleteItemAsync(delete, cancellationToken);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            // Also when the SDK repeats a deletion that had got through: the order is gone then, which is what 404 says.
            return false;
        }
    }
}

using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Delete;

/// <summary>
/// Deletes an order under a condition, and returns whether the condition held. A deleted item cannot hold
/// the mark of its writer. So the deletion is a transaction with one write, which costs two write units:
/// DynamoDB recognizes a retry by its token and returns the first result (idempotent). A failed condition is
/// then never caused by our own deletion.
/// </summary>
internal sealed class OrderDeleter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo, DynamoDbSettings settings, ConditionalWrites writes, TimeProvider time)
{
    // DynamoDB allows no more operands in one IN.
    private const int MostMerchants = 100;
    private const string IsOrder = $"{OrderAttributes.Entity} = :order";

    /// <summary>Whether a caller's merchants fit in a condition.</summary>
    public static bool CanNameMerchants(Caller caller) => caller.AllMerchants || caller.Merchants.Count is > 0 and <= MostMerchants;

    /// <summary>Deletes the order if the caller may use it. One call, without a read before.</summary>
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

    /// <summary>Deletes the order if it has not changed since it was read.</summary>
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
        var delete = new Amazon.DynamoDBv2.Model.Delete
        {
            TableName = settings.Table,
            Key = OrderItem.Key(orderId),
            ConditionExpression = condition,
            ExpressionAttributeValues = values,
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
        var token = Guid.CreateVersion7(time.GetUtcNow()).ToString("D");
        var write = new TransactWriteItemsRequest { ClientRequestToken = token, TransactItems = [new() { Delete = delete }] };
        var outcome = await writes.SendAsync(limit => dynamo.TransactWriteItemsAsync(write, limit), cancellationToken);
        if (!outcome.IsDone && outcome.Item() is { } item)
        {
            // Not answered as "not found", since the order may exist and be invalid.
            _ = OrderFinder.Read(orderId, item);
        }

        return outcome.IsDone;
    }
}

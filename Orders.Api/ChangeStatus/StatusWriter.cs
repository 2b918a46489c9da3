using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults;

namespace Orders.Api.ChangeStatus;

/// <summary>Writes an order's next version, if it still is at the one before.</summary>
internal sealed class StatusWriter(IAmazonDynamoDB dynamo, DynamoDbSettings settings)
{
    private const string IsUnchanged = $"{OrderAttributes.Version} = :from AND {OrderAttributes.MerchantId} = :merchant";
    private const string Set = $"SET #status = :status, {OrderAttributes.UpdatedAt} = :updated, {OrderAttributes.Version} = :to";
    private const string SetWithTrace = $"{Set}, {OrderAttributes.TraceParent} = :trace";
    private const string SetWithoutTrace = $"{Set} REMOVE {OrderAttributes.TraceParent}";

    /// <summary>Writes it.</summary>
    /// <returns>False when the order has changed or is gone since it was read.</returns>
    public async Task<bool> TryWriteAsync(Order from, Order to, CancellationToken cancellationToken)
    {
        try
        {
            _ = await dynamo.UpdateItemAsync(Update(from, to), cancellationToken);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            // It may be our own write, repeated by the SDK after its answer was lost; that cannot be told from another's of the same millisecond.
            // Whoever looks again finds the order at the status asked for, and whoever knew a version is told that it has passed.
            return false;
        }
    }

    private UpdateItemRequest Update(Order from, Order to)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [":from"] = Number(from.Version),
            [":to"] = Number(to.Version),
            [":merchant"] = new() { S = from.MerchantId },
            [":status"] = new() { S = to.Status.Name() },
            [":updated"] = new() { S = Timestamp.Text(to.UpdatedAt) },
        };
        if (to.TraceParent is not null)
        {
            values.Add(":trace", new() { S = to.TraceParent });
        }

        return new UpdateItemRequest
        {
            TableName = settings.Table,
            Key = OrderItem.Key(from.OrderId),
            UpdateExpression = to.TraceParent is null ? SetWithoutTrace : SetWithTrace,
            ConditionExpression = IsUnchanged,
            // "status" is a reserved word.
            ExpressionAttributeNames = new(StringComparer.Ordinal) { ["#status"] = OrderAttributes.Status },
            ExpressionAttributeValues = values,
        };
    }

    private static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };
}

using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.ChangeStatus;

/// <summary>
/// Writes an order's next version if the stored version is still the one before (optimistic concurrency).
/// </summary>
internal sealed class StatusWriter(
    [FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo, DynamoDbSettings settings, ConditionalWrites writes, ItemReader items)
{
    private const string IsUnchanged = $"{OrderAttributes.Version} = :from AND {OrderAttributes.MerchantId} = :merchant";
    private const string Set = $"SET #status = :status, {OrderAttributes.UpdatedAt} = :updated, {OrderAttributes.Version} = :to, {OrderAttributes.WriteIds} = :marks";
    private const string SetWithTrace = $"{Set}, {OrderAttributes.TraceParent} = :trace";
    private const string SetWithoutTrace = $"{Set} REMOVE {OrderAttributes.TraceParent}";

    /// <summary>Writes it.</summary>
    /// <returns>False when the order was changed or deleted since it was read, and this write was certainly
    /// not executed.</returns>
    /// <exception cref="StoreException">The store is unavailable or busy, or it is unknown whether the write
    /// was executed.</exception>
    public async Task<bool> TryWriteAsync(MarkedOrder from, Order to, CancellationToken cancellationToken)
    {
        var mark = WriteMarks.New(to.Version);
        var update = Update(from.Order, to, from.Marks.With(mark));
        var outcome = await writes.SendAsync(token => dynamo.UpdateItemAsync(update, token), cancellationToken);
        return outcome.IsDone || (outcome.MayBeOurs && await IsOursAsync(outcome, to, mark, cancellationToken));
    }

    /// <summary>Whether an earlier attempt of this write caused the version to be higher.</summary>
    private async Task<bool> IsOursAsync(WriteOutcome outcome, Order to, string mark, CancellationToken cancellationToken)
    {
        try
        {
            // Null may also mean that the server does not return the item.
            var item = outcome.Item() ?? await items.FindAsync(OrderItem.Key(to.OrderId), cancellationToken);
            return item is not null && OrderFinder.Read(to.OrderId, item) is { } now && now.Marks.Tell(mark) is { } told
                ? told
                : throw new StoreException("a try got no answer, and the order has been deleted or changed several times since", mayBeCarriedOut: true);
        }
        catch (StoreException failure) when (!failure.MayBeCarriedOut)
        {
            throw new StoreException(failure.Message, mayBeCarriedOut: true, failure);
        }
    }

    private UpdateItemRequest Update(Order from, Order to, string marks)
    {
        var values = new Dictionary<string, AttributeValue>(StringComparer.Ordinal)
        {
            [":from"] = Number(from.Version),
            [":to"] = Number(to.Version),
            [":merchant"] = new() { S = from.MerchantId },
            [":status"] = new() { S = to.Status.Name() },
            [":updated"] = new() { S = Timestamp.Text(to.UpdatedAt) },
            [":marks"] = new() { S = marks },
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
            ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
        };
    }

    private static AttributeValue Number(long number) => new() { N = number.ToString(CultureInfo.InvariantCulture) };
}

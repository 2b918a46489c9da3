using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Place;

/// <summary>Puts a new order into the table.</summary>
internal sealed class OrderWriter([FromKeyedServices(DynamoDbSetup.WithoutRetries)] IAmazonDynamoDB dynamo, DynamoDbSettings settings, ConditionalWrites writes)
{
    internal const string IsNew = $"attribute_not_exists({OrderAttributes.Pk})";

    /// <summary>Puts it.</summary>
    /// <exception cref="StoreException">The store is unavailable or busy; it has the order's id if the order
    /// may be placed.</exception>
    public async Task PutAsync(Order order, CancellationToken cancellationToken)
    {
        var put = new PutItemRequest { TableName = settings.Table, Item = OrderItem.From(order), ConditionExpression = IsNew };
        try
        {
            var outcome = await writes.SendAsync(token => dynamo.PutItemAsync(put, token), cancellationToken);
            // The id is unique to this request. If it exists, an earlier attempt succeeded and its response
            // was lost.
            if (!outcome.IsDone && !outcome.MayBeOurs)
            {
                throw new StoreException("the store has an order under an id that is new", mayBeCarriedOut: false, outcome.Failed);
            }
        }
        catch (StoreException unknown) when (unknown.MayBeCarriedOut)
        {
            throw new StoreException(unknown.Message, mayBeCarriedOut: true, unknown.InnerException, order.OrderId);
        }
    }
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.ServiceDefaults;

namespace Orders.Api.Place;

/// <summary>Puts a new order into the table.</summary>
internal sealed class OrderWriter(IAmazonDynamoDB dynamo, DynamoDbSettings settings)
{
    internal const string IsNew = $"attribute_not_exists({OrderAttributes.Pk})";

    public async Task PutAsync(Order order, CancellationToken cancellationToken)
    {
        try
        {
            var put = new PutItemRequest { TableName = settings.Table, Item = OrderItem.From(order), ConditionExpression = IsNew };
            _ = await dynamo.PutItemAsync(put, cancellationToken);
        }
        catch (ConditionalCheckFailedException)
        {
            // The id is ours alone. If it is there, the SDK has repeated a call that had got through and whose answer was lost.
        }
    }
}

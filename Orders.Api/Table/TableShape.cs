using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Table;

/// <summary>The required shape of the table, and the check of an existing one.</summary>
internal static class TableShape
{
    private static readonly StreamSpecification Stream = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES };

    public static CreateTableRequest Create(string table) => new()
    {
        TableName = table,
        AttributeDefinitions = [new(OrderAttributes.Pk, ScalarAttributeType.S), new(OrderAttributes.Sk, ScalarAttributeType.S)],
        KeySchema = [new(OrderAttributes.Pk, KeyType.HASH), new(OrderAttributes.Sk, KeyType.RANGE)],
        BillingMode = BillingMode.PAY_PER_REQUEST,
        StreamSpecification = Stream,
    };

    /// <summary>The command that creates it.</summary>
    public static string CreateCommand(string table) =>
        $"aws dynamodb create-table --table-name {table} --billing-mode PAY_PER_REQUEST" +
        " --attribute-definitions AttributeName=pk,AttributeType=S AttributeName=sk,AttributeType=S" +
        " --key-schema AttributeName=pk,KeyType=HASH AttributeName=sk,KeyType=RANGE" +
        " --stream-specification StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES";

    /// <summary>
    /// What is wrong with a table, and the remedy, as sentences; null for a correct table.
    /// </summary>
    public static (string Problem, string WayOut)? Fault(TableDescription table)
    {
        if (!HasKey(table, OrderAttributes.Pk, KeyType.HASH) || !HasKey(table, OrderAttributes.Sk, KeyType.RANGE))
        {
            return ($"The table {table.TableName} has other keys than pk and sk, both strings.", "Name another table, or create one: " + CreateCommand(table.TableName));
        }

        var view = table.StreamSpecification is { StreamEnabled: true } stream ? stream.StreamViewType : null;
        if (view == StreamViewType.NEW_AND_OLD_IMAGES)
        {
            return null;
        }

        var update = $"aws dynamodb update-table --table-name {table.TableName} --stream-specification StreamEnabled";
        return view is null
            ? ($"The table {table.TableName} has no stream, so that no change would reach the read side.", $"Enable it: {update}=true,StreamViewType=NEW_AND_OLD_IMAGES")
            : ($"The stream of the table {table.TableName} has the view type {view}, not NEW_AND_OLD_IMAGES.",
                $"A view type cannot be changed: let the consumer drain the stream, disable it ({update}=false) and enable it again ({update}=true,StreamViewType=NEW_AND_OLD_IMAGES).");
    }

    private static bool HasKey(TableDescription table, string name, KeyType type) =>
        table.KeySchema.Exists(key => key.AttributeName == name && key.KeyType == type) &&
        table.AttributeDefinitions.Exists(attribute => attribute.AttributeName == name && attribute.AttributeType == ScalarAttributeType.S);
}

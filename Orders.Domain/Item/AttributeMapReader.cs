using Amazon.DynamoDBv2.Model;

namespace Orders.Domain.Item;

/// <summary>Reads the SDK's attribute maps.</summary>
internal static class AttributeMapReader
{
    public static OrderDraft Read(Dictionary<string, AttributeValue> item)
    {
        var draft = new OrderDraft();
        foreach (var (name, value) in item)
        {
            if (value.S is not null)
            {
                draft.SetString(name, value.S);
            }
            else if (value.N is not null)
            {
                draft.SetNumber(name, value.N);
            }
            else if (name == OrderAttributes.Items)
            {
                ReadLines(value, draft);
            }
            else if (value.NULL != true && IsKnown(name))
            {
                draft.Fail(name, "is of a strange type");
            }
        }

        return draft;
    }

    internal static bool IsKnown(string name) => name is OrderAttributes.OrderId or OrderAttributes.MerchantId or OrderAttributes.CustomerId
        or OrderAttributes.Status or OrderAttributes.Currency or OrderAttributes.Amount or OrderAttributes.PlacedAt or OrderAttributes.UpdatedAt
        or OrderAttributes.Version or OrderAttributes.Items;

    private static void ReadLines(AttributeValue value, OrderDraft draft)
    {
        if (value.L is null)
        {
            if (value.NULL != true)
            {
                draft.Fail(OrderAttributes.Items, "is not a list");
            }

            return;
        }

        foreach (var entry in value.L)
        {
            var line = default(LineDraft);
            foreach (var (name, attribute) in entry.M ?? [])
            {
                if (attribute.S is not null)
                {
                    line.SetString(name, attribute.S);
                }
                else if (attribute.N is not null)
                {
                    line.SetNumber(name, attribute.N);
                }
            }

            draft.AddLine(line);
        }
    }
}

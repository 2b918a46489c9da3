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
            else if (value.NULL != true)
            {
                draft.FailType(name, TypeOf(value));
            }
        }

        return draft;
    }

    private static void ReadLines(AttributeValue value, OrderDraft draft)
    {
        if (value.L is null)
        {
            if (value.NULL != true)
            {
                draft.FailType(OrderAttributes.Items, TypeOf(value));
            }

            return;
        }

        foreach (var entry in value.L)
        {
            var line = default(LineDraft);
            if (entry.M is null)
            {
                line.FailType(TypeOf(entry));
            }

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
                else if (attribute.NULL != true)
                {
                    line.FailType(name, TypeOf(attribute));
                }
            }

            draft.AddLine(line);
        }
    }

    // An empty map or list is not null.
    private static string TypeOf(AttributeValue value) => value switch
    {
        { S: not null } => "S",
        { N: not null } => "N",
        { BOOL: not null } => "BOOL",
        { NULL: true } => "NULL",
        { M: not null } => "M",
        { L: not null } => "L",
        { B: not null } => "B",
        { SS: not null } => "SS",
        { NS: not null } => "NS",
        { BS: not null } => "BS",
        _ => "no known type",
    };
}

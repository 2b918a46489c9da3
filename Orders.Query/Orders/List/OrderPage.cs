using System.Text.Json;
using Orders.Domain;

namespace Orders.Query;

/// <summary>A page of orders, and how to ask for the next: <c>{"orders":[…],"next_cursor":"…"}</c>.</summary>
/// <param name="Orders">In the order of the list.</param>
/// <param name="NextCursor">To be sent back as it is; null on the last page.</param>
internal sealed record OrderPage(IReadOnlyList<Order> Orders, string? NextCursor)
{
    /// <summary>Writes it, for <see cref="StreamedJson{TAnswer}"/>.</summary>
    public IEnumerable<bool> Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var _ in WriteMembers(json))
            yield return true;
        json.WriteEndObject();
    }

    /// <summary>Writes its members into a larger object.</summary>
    public IEnumerable<bool> WriteMembers(Utf8JsonWriter json)
    {
        json.WriteStartArray("orders"u8);
        foreach (var order in Orders)
        {
            OrderJson.Write(json, order);
            yield return true;
        }

        json.WriteEndArray();
        json.WriteString("next_cursor"u8, NextCursor);
    }
}

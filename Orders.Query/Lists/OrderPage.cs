using System.Text.Json;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Rows;

namespace Orders.Query.Lists;

/// <summary>
/// A page of orders, and how to ask for the next: <c>{"orders":[…],"next_cursor":"…"}</c>.
/// </summary>
/// <param name="Orders">In the order of the list.</param>
/// <param name="NextCursor">To be sent back unchanged; null on the last page.</param>
/// <param name="Problems">Problems of single orders and ids; absent if there are none.</param>
internal sealed record OrderPage(IReadOnlyList<Order> Orders, string? NextCursor, IReadOnlyList<ListProblem>? Problems = null)
{
    /// <summary>Makes one.</summary>
    /// <param name="rows">The orders that were found.</param>
    /// <param name="nextCursor">See <see cref="NextCursor"/>.</param>
    /// <param name="problems">Problems other than those of rows.</param>
    public static OrderPage Of(IReadOnlyList<OrderRow> rows, string? nextCursor, params IReadOnlyList<ListProblem> problems) => new(
        [.. rows.Select(row => row.Order).OfType<Order>()], nextCursor, [.. problems, .. rows.Where(row => row.Order is null).Select(row => row.Problem)]);

    /// <summary>Writes it, for <see cref="StreamedJson{TAnswer}"/>.</summary>
    public IEnumerable<bool> Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var _ in WriteMembers(json))
        {
            yield return true;
        }

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
        ListProblem.Write(json, Problems ?? []);
    }
}

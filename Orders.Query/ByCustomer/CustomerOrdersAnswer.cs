using System.Text.Json;
using Orders.Domain;
using Orders.Query.Http;

namespace Orders.Query.ByCustomer;

/// <summary>
/// The answer of <c>GET /v1/orders/by-customer</c>:
/// <c>{"customers":[{"merchant_id","customer_id","orders":[…],"next_cursor"}]}</c>.
/// </summary>
/// <param name="Customers">In the order asked.</param>
/// <param name="Problems">What is wrong with some of the ids; absent when nothing is.</param>
internal sealed record CustomerOrdersAnswer(IReadOnlyList<CustomerOrdersAnswer.Entry> Customers, IReadOnlyList<ListProblem>? Problems = null)
{
    /// <summary>Writes it, for <see cref="StreamedJson{TAnswer}"/>.</summary>
    public static IEnumerable<bool> Write(Utf8JsonWriter json, IEnumerable<CustomerOrders> customers, IReadOnlyList<ListProblem> problems)
    {
        json.WriteStartObject();
        json.WriteStartArray("customers"u8);
        foreach (var (customer, page) in customers)
        {
            json.WriteStartObject();
            json.WriteString("merchant_id"u8, customer.MerchantId);
            json.WriteString("customer_id"u8, customer.Id);
            foreach (var _ in page.WriteMembers(json))
            {
                yield return true;
            }

            json.WriteEndObject();
            yield return true;
        }

        json.WriteEndArray();
        ListProblem.Write(json, problems);
        json.WriteEndObject();
    }

    /// <summary>A customer's part of the response.</summary>
    internal sealed record Entry(string? MerchantId, string CustomerId, IReadOnlyList<Order> Orders, string? NextCursor);
}

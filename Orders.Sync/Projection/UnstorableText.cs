using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Sync.Projection;

/// <summary>
/// The one thing that a good order may hold and no column of Postgres does: NUL. Known beforehand, such records need no bisecting, so that a writer who
/// sends many of them slows nobody. Whatever else Postgres refuses is found by bisecting.
/// </summary>
internal static class UnstorableText
{
    /// <summary>What is wrong, as for any broken attribute; null for an order that can be stored.</summary>
    public static string? Find(Order order)
    {
        if (HasNul(order.MerchantId))
        {
            return Error(OrderAttributes.MerchantId);
        }

        if (HasNul(order.CustomerId))
        {
            return Error(OrderAttributes.CustomerId);
        }

        foreach (var line in order.Items)
        {
            if (HasNul(line.ProductId) || HasNul(line.ProductName))
            {
                return Error($"{OrderAttributes.Items}[{line.OrderItemId - 1}].{(HasNul(line.ProductId) ? OrderAttributes.ProductId : OrderAttributes.ProductName)}");
            }
        }

        return null;
    }

    private static bool HasNul(string? text) => text?.Contains('\0') == true;

    private static string Error(string attribute) => $"{attribute}: has a NUL character, which Postgres does not store";
}

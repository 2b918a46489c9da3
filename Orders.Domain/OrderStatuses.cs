namespace Orders.Domain;

/// <summary>The names of the statuses, and the steps that an order may take.</summary>
public static class OrderStatuses
{
    private static readonly string[] Names = ["placed", "paid", "shipped", "completed", "cancelled"];

    /// <summary>Every status's name, in the order of the steps.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name used in JSON, in DynamoDB and in Postgres: lower case.</summary>
    /// <param name="status">A defined status.</param>
    public static string Name(this OrderStatus status) => Names[(int)status];

    /// <summary>Finds a status by its name.</summary>
    /// <param name="name">A lower-case name.</param>
    /// <param name="status">The status, when there is one.</param>
    /// <returns>False for a name that is not a status.</returns>
    public static bool TryFind(ReadOnlySpan<char> name, out OrderStatus status)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.SequenceEqual(Names[i]))
            {
                status = (OrderStatus)i;
                return true;
            }
        }

        status = default;
        return false;
    }

    /// <summary>
    /// Whether an order may go from one status to another: placed → paid → shipped → completed, or cancelled
    /// before shipped.
    /// </summary>
    /// <param name="from">The status it has.</param>
    /// <param name="to">The status asked for.</param>
    public static bool MayBecome(this OrderStatus from, OrderStatus to) => (from, to) switch
    {
        (OrderStatus.Placed, OrderStatus.Paid or OrderStatus.Cancelled) => true,
        (OrderStatus.Paid, OrderStatus.Shipped or OrderStatus.Cancelled) => true,
        (OrderStatus.Shipped, OrderStatus.Completed) => true,
        _ => false,
    };

    /// <summary>The statuses that may follow; empty for a final status.</summary>
    /// <param name="from">The status it has.</param>
    public static IReadOnlyList<OrderStatus> Next(this OrderStatus from) => [.. Enum.GetValues<OrderStatus>().Where(to => from.MayBecome(to))];
}

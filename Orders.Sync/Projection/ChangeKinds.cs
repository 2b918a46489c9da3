namespace Orders.Sync.Projection;

internal static class ChangeKinds
{
    /// <summary>The word in <c>order_history.change</c> and in the change feed.</summary>
    public static string Name(this ChangeKind kind) => kind switch
    {
        ChangeKind.Placed => "placed",
        ChangeKind.Changed => "changed",
        _ => "deleted",
    };
}

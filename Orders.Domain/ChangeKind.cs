namespace Orders.Domain;

/// <summary>What happened to an order.</summary>
public enum ChangeKind
{
    /// <summary>It is new.</summary>
    Placed,

    /// <summary>It has another version.</summary>
    Changed,

    /// <summary>It is gone; the version is the deletion's.</summary>
    Deleted,
}

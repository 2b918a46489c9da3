namespace Orders.Domain;

/// <summary>What happened to an order.</summary>
public enum ChangeKind
{
    /// <summary>It was placed.</summary>
    Placed,

    /// <summary>It has a new version.</summary>
    Changed,

    /// <summary>It was deleted; the version is that of the deletion.</summary>
    Deleted,
}

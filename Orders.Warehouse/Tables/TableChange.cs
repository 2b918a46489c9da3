namespace Orders.Warehouse.Tables;

/// <summary>The words of the column <c>_change</c>.</summary>
internal static class TableChange
{
    /// <summary>A row is new.</summary>
    public const string Insert = "insert";

    /// <summary>A row has other values, and the same key.</summary>
    public const string Update = "update";

    /// <summary>A row is gone.</summary>
    public const string Delete = "delete";

    /// <summary>All rows are gone.</summary>
    public const string Truncate = "truncate";

    /// <summary>A snapshot has a row that is new, or different from what was known.</summary>
    public const string Found = "found";

    /// <summary>A snapshot lacks a row that was known.</summary>
    public const string Vanished = "vanished";
}

namespace Orders.Warehouse.Store;

/// <summary>An object of the lake.</summary>
/// <param name="Path">Its path in the lake.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="WrittenAt">When it was written, by the store's clock.</param>
internal readonly record struct LakeObject(string Path, long Bytes, DateTimeOffset WrittenAt = default);

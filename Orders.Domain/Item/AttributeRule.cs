namespace Orders.Domain.Item;

/// <summary>A row of the table of rules, in words.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Type">DynamoDB's letter for its type.</param>
/// <param name="IsRequired">Whether an item must have it.</param>
/// <param name="Item">What it may hold in an item.</param>
/// <param name="Request">What the same field may hold in a request; null where none has it.</param>
public sealed record AttributeRule(string Name, string Type, bool IsRequired, string Item, string? Request);

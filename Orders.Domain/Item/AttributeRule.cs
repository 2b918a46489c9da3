namespace Orders.Domain.Item;

/// <summary>A row of the table of rules in docs/items.md.</summary>
/// <param name="Name">The attribute.</param>
/// <param name="Type">DynamoDB's letter for its type.</param>
/// <param name="IsRequired">Whether an item must have it.</param>
/// <param name="Item">The rule for an item.</param>
/// <param name="Request">The rule for a request; null when the field is in no request.</param>
public sealed record AttributeRule(string Name, string Type, bool IsRequired, string Item, string? Request);

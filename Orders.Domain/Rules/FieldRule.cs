namespace Orders.Domain.Rules;

/// <summary>What a field may hold: in an item, whoever wrote it and when, which every reader can bear; and in a request, which is narrower.</summary>
/// <param name="Item">The rule of an item.</param>
/// <param name="Request">The rule of a request.</param>
public sealed record FieldRule<TRule>(TRule Item, TRule Request);

namespace Orders.Domain.Rules;

/// <summary>
/// The validation rules of a field: for a stored item from any writer, and stricter ones for a request.
/// </summary>
/// <param name="Item">The rule of an item.</param>
/// <param name="Request">The rule of a request.</param>
public sealed record FieldRule<TRule>(TRule Item, TRule Request);

namespace Orders.Domain.Rules;

/// <summary>
/// The validation rules of a field: of a stored item, whoever wrote it, and the stricter ones of a request.
/// </summary>
/// <param name="Item">The rule of an item.</param>
/// <param name="Request">The rule of a request.</param>
public sealed record FieldRule<TRule>(TRule Item, TRule Request);

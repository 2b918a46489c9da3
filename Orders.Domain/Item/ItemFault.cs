namespace Orders.Domain.Item;

/// <summary>
/// Why an item is not an order. A result, not an exception: one poison item must not stop the thousands
/// after it.
/// </summary>
/// <param name="Kind">The kind, which decides the reaction.</param>
/// <param name="Attribute">The attribute at fault.</param>
/// <param name="Message">What is wrong with it, for a person.</param>
public sealed record ItemFault(ItemFaultKind Kind, string Attribute, string Message)
{
    /// <summary>The attribute and what is wrong with it.</summary>
    public override string ToString() => $"{Attribute}: {Message}";
}

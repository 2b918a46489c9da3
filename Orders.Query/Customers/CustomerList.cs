namespace Orders.Query;

/// <summary>Customers by many ids.</summary>
/// <param name="Customers">In the order asked.</param>
internal sealed record CustomerList(IReadOnlyList<Customer> Customers);

namespace Orders.Tests.Fuzz;

/// <summary>Who asks.</summary>
/// <param name="Id">The key's id; null for nobody.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Merchant">The only merchant it may see; null for all.</param>
internal sealed record FuzzKey(string? Id, string Secret, string? Merchant = null);

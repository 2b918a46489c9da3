namespace Orders.Sync.Table;

/// <summary>Which table it is: one that is deleted and made anew under its name is another one.</summary>
/// <param name="Id">What the service identifies it by.</param>
/// <param name="MadeAt">When it was made; null when the service does not say.</param>
internal sealed record TableIdentity(string Id, DateTimeOffset? MadeAt);

namespace Orders.ServiceDefaults.Hosting;

/// <summary>Who this service is among those that may share the process.</summary>
internal sealed record ServiceIdentity(string Name);

namespace Orders.ServiceDefaults.Hosting;

/// <summary>The name of this service, since several may share a process.</summary>
internal sealed record ServiceIdentity(string Name);

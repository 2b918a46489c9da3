namespace Orders.ServiceDefaults;

/// <summary>Metadata of an endpoint whose requests leave no trace.</summary>
internal sealed class NotTraced;

using Orders.AppHost.Running;

namespace Orders.AppHost.Stores;

/// <summary>A store that is a local process, with one endpoint.</summary>
/// <param name="name">Its name in the model.</param>
/// <param name="folder">Its data folder.</param>
internal sealed class EngineResource(string name, string folder) : ProgramResource(name, folder), IResourceWithConnectionString
{
    /// <summary>The name of every engine's endpoint.</summary>
    public const string Endpoint = "http";

    /// <summary>Its address. There is no proxy between it and its clients.</summary>
    public EndpointReference Address => new(this, Endpoint);

    /// <summary>Its connection string; null for host:port.</summary>
    public ReferenceExpression? Connection { get; set; }

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        Connection ?? ReferenceExpression.Create($"{Address.Property(EndpointProperty.IPV4Host)}:{Address.Property(EndpointProperty.Port)}");
}

using Orders.AppHost.Running;

namespace Orders.AppHost.Stores;

/// <summary>A store that is a process of this machine, with one endpoint.</summary>
/// <param name="name">Its name in the model.</param>
/// <param name="folder">Where it keeps its data.</param>
internal sealed class EngineResource(string name, string folder) : ProgramResource(name, folder), IResourceWithConnectionString
{
    /// <summary>The endpoint of every engine.</summary>
    public const string Endpoint = "http";

    /// <summary>Where it listens. Nothing stands between it and its clients.</summary>
    public EndpointReference Address => new(this, Endpoint);

    /// <summary>How clients name it; null for host:port.</summary>
    public ReferenceExpression? Connection { get; set; }

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        Connection ?? ReferenceExpression.Create($"{Address.Property(EndpointProperty.IPV4Host)}:{Address.Property(EndpointProperty.Port)}");
}

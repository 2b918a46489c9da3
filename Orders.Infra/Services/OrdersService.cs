using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Constructs;

namespace Orders.Infra.Services;

/// <summary>What one service needs in order to run in the stack. Whoever makes its task gives the task these, and calls <see cref="Grant"/> and <see cref="AddCollector"/>.</summary>
public sealed class OrdersService
{
    private readonly IReadOnlyList<PolicyStatement> _rights;
    private readonly Collector.CollectorSidecar? _collector;
    private readonly IDependable[] _stores;

    internal OrdersService(
        string name, ISecurityGroup securityGroup, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, Secret> secrets,
        IReadOnlyList<PolicyStatement> rights, Collector.CollectorSidecar? collector, params IDependable[] stores)
    {
        (Name, SecurityGroup, _rights, _collector) = (name, securityGroup, rights, collector);
        _stores = stores;
        Environment = environment.ToDictionary(StringComparer.Ordinal);
        Secrets = secrets.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Its name in telemetry, for example <c>orders-api</c>.</summary>
    public string Name { get; }

    /// <summary>For its tasks.</summary>
    public ISecurityGroup SecurityGroup { get; }

    /// <summary>For its container's environment; nothing in it is a secret.</summary>
    public IDictionary<string, string> Environment { get; }

    /// <summary>For its container's secrets. The container construct gives the task's execution role the right to read them.</summary>
    public IDictionary<string, Secret> Secrets { get; }

    /// <summary>Gives a task's role the rights of this service: no action and no resource more than it uses.</summary>
    /// <param name="taskRole">The role of the task, not its execution role.</param>
    public void Grant(IGrantable taskRole)
    {
        ArgumentNullException.ThrowIfNull(taskRole);
        foreach (var right in _rights)
        {
            taskRole.GrantPrincipal.AddToPrincipalPolicy(right);
        }
    }

    /// <summary>Lets a service start only when its stores, and its user in the database, are there.</summary>
    /// <param name="service">What runs the task, for example a <c>FargateService</c>.</param>
    public void WaitForStores(IConstruct service)
    {
        ArgumentNullException.ThrowIfNull(service);
        service.Node.AddDependency(_stores);
    }

    /// <summary>
    /// Adds the collector to a task: it receives the service's metrics and traces on localhost and hands them to CloudWatch and X-Ray. Gives the
    /// task's role the rights for that. Does nothing for a service that sends none.
    /// </summary>
    /// <param name="task">The task.</param>
    /// <returns>The container; null when there is none.</returns>
    public ContainerDefinition? AddCollector(TaskDefinition task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _collector?.Add(task, Name);
    }
}

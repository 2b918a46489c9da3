using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Constructs;

namespace Orders.Infra.Services;

/// <summary>What one service needs in order to run in the stack.</summary>
internal sealed record OrdersService
{
    /// <summary>What the names of its parts in the template begin with, for example <c>Api</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in telemetry and of its container, for example <c>orders-api</c>.</summary>
    public required string Name { get; init; }

    /// <summary>For its tasks.</summary>
    public required SecurityGroup Group { get; init; }

    /// <summary>For its container's environment; nothing in it is a secret.</summary>
    public required IEnumerable<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>
    /// For its container's secrets. The container construct gives the task's execution role the right to
    /// read them.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Secret>> Secrets { get; init; } = [];

    /// <summary>What its task's role may do: no action and no resource more than it uses.</summary>
    public IReadOnlyList<PolicyStatement> Rights { get; init; } = [];

    /// <summary>What must be there before it starts.</summary>
    public IReadOnlyList<IDependable> Stores { get; init; } = [];

    /// <summary>Whether a collector runs beside it, to which it sends metrics and traces.</summary>
    public bool HasCollector { get; init; } = true;

    /// <summary>How long a task may take to stop; null for the 30 s of ECS.</summary>
    public Duration? StopTimeout { get; init; }
}

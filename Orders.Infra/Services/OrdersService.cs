using Amazon.CDK;
using Amazon.CDK.AWS.EC2;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.IAM;
using Constructs;

namespace Orders.Infra.Services;

/// <summary>The definition of one service in the stack.</summary>
internal sealed record OrdersService
{
    /// <summary>The prefix of its resource names in the template, for example <c>Api</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name in telemetry and of its container, for example <c>orders-api</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The security group of its tasks.</summary>
    public required SecurityGroup Group { get; init; }

    /// <summary>The environment of its container; without secrets.</summary>
    public required IEnumerable<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>
    /// The secrets of its container. The construct gives the task's execution role the permission to read
    /// them.
    /// </summary>
    public IEnumerable<KeyValuePair<string, Secret>> Secrets { get; init; } = [];

    /// <summary>The permissions of its task's role: only the actions and resources that it uses.</summary>
    public IReadOnlyList<PolicyStatement> Rights { get; init; } = [];

    /// <summary>What must exist before it starts.</summary>
    public IReadOnlyList<IDependable> Stores { get; init; } = [];

    /// <summary>Whether it has a collector as sidecar, for metrics and traces.</summary>
    public bool HasCollector { get; init; } = true;

    /// <summary>How many tasks run; null for the stack's usual number.</summary>
    public int? Tasks { get; init; }

    /// <summary>The size of a task; null for the stack's usual one.</summary>
    public TaskSize? Size { get; init; }

    /// <summary>How long a task may take to stop; null for the 30 s of ECS.</summary>
    public Duration? StopTimeout { get; init; }
}

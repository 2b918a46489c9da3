using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.Logs;
using Constructs;
using Orders.Infra.Collector;
using Orders.Infra.Network;
using Orders.Infra.Services;
using Orders.Infra.Settings;

namespace Orders.Infra.Hosting;

/// <summary>Runs services on Fargate.</summary>
internal sealed class ServiceRunner(Construct scope, OrdersStackSettings settings, OrdersNetwork network, CollectorSidecar collector)
{
    private readonly Cluster _cluster = new(scope, "Cluster", new ClusterProps { Vpc = network.Vpc });

    /// <summary>
    /// Runs a service after its stores exist. A new version that does not become healthy is rolled back.
    /// </summary>
    /// <param name="service">The service.</param>
    /// <param name="image">Its image.</param>
    /// <param name="name">Its name inside the VPC; null for none.</param>
    public FargateService Run(OrdersService service, ContainerImage image, CloudMapOptions? name = null)
    {
        var running = new FargateService(scope, $"{service.Id}Service", new FargateServiceProps
        {
            Cluster = _cluster,
            TaskDefinition = MakeTask(service, image),
            SecurityGroups = [service.Group],
            VpcSubnets = network.Subnets,
            DesiredCount = service.Tasks ?? settings.Tasks,
            MinHealthyPercent = 100,
            MaxHealthyPercent = 200,
            CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true },
            CloudMapOptions = name,
        });
        running.Node.AddDependency([.. service.Stores]);
        return running;
    }

    private FargateTaskDefinition MakeTask(OrdersService service, ContainerImage image)
    {
        var task = new FargateTaskDefinition(scope, $"{service.Id}Task", new FargateTaskDefinitionProps
        {
            Cpu = service.Size?.Cpu ?? settings.TaskCpu,
            MemoryLimitMiB = service.Size?.Memory ?? settings.TaskMemory,
            EphemeralStorageGiB = service.Size?.Disk,
        });
        var logs = new LogGroup(scope, $"{service.Id}Logs", new LogGroupProps
        {
            Retention = LogDays.Of(settings.LogDays),
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        task.AddContainer(service.Name, new ContainerDefinitionOptions
        {
            Image = image,
            Environment = service.Environment.ToDictionary(StringComparer.Ordinal),
            Secrets = service.Secrets.ToDictionary(StringComparer.Ordinal),
            PortMappings = [new PortMapping { ContainerPort = Ports.Container }],
            StopTimeout = service.StopTimeout,
            Logging = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = logs, StreamPrefix = service.Name }),
        });
        foreach (var right in service.Rights)
        {
            task.AddToTaskRolePolicy(right);
        }

        if (service.HasCollector)
        {
            collector.Add(task, service.Name);
        }

        return task;
    }
}

using Amazon;
using Amazon.CDK;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ECS.Patterns;
using Aspire.Hosting.AWS.Deployment;
using Orders.Infra;

#pragma warning disable ASPIREAWSPUBLISHERS001 // A preview; its version is pinned.

namespace Orders.AppHost.Aws;

/// <summary>
/// The same services in AWS: Orders.Api, Orders.Query and Orders.GraphQL behind a load balancer each, Orders.Sync with nothing in front of it. Aspire's
/// expressions do not survive a publish, so that every setting comes from the stack.
/// </summary>
internal static class OrdersOnAws
{
    // Orders.Sync hands its shards over as it stops; 30 s are .NET's own limit for that.
    private static readonly Duration StopGrace = Duration.Seconds(60);

    /// <summary>Adds the services and their stack.</summary>
    /// <exception cref="StackSettingException">A parameter is missing or wrong.</exception>
    public static void AddOrdersOnAws(this IDistributedApplicationBuilder builder)
    {
        var settings = AwsSettings.Read(builder.Configuration);
        builder.AddAWSCDKEnvironment(
            SettingsReader.StackName,
            CDKDefaultsProviderFactory.Preview_V1,
            (app, props) => new AwsStack(app, SettingsReader.StackName, settings.Stack, props),
            new() { AWSSDKConfig = builder.AddAWSSDKConfig().WithRegion(RegionEndpoint.GetBySystemName(settings.Region)) });

        // The page of Orders.Query places orders where the two know each other's names; without them it only reads.
        var domain = settings.Domain;
        var api = new BalancedService("Api", domain?.Api, settings, stack => stack.Api, domain is null ? [] : [("Orders__Api__AllowedOrigins", $"https://{domain.Query}")]);
        var query = new BalancedService("Query", domain?.Query, settings, stack => stack.Query, domain is null ? [] : [("Console__ApiUrl", $"https://{domain.Api}")]);
        var graphql = new BalancedService("GraphQl", domain?.GraphQl, settings, stack => stack.GraphQl);
        var source = Path.GetFullPath("../Orders.GraphQL", builder.AppHostDirectory);

        builder.AddProject<Projects.Orders_Api>("orders-api").PublishAsECSFargateServiceWithALB(Publish(api));
        builder.AddProject<Projects.Orders_Sync>("orders-sync").PublishAsECSFargateService(Consumer(settings.Stack));
        builder.AddProject<Projects.Orders_Query>("orders-query").PublishAsECSFargateServiceWithALB(Publish(
            query,
            (stack, props) => props.CloudMapOptions = GatewayOnAws.NameQuery(stack),
            (stack, running) =>
            {
                // Orders.Sync makes the tables, without which Orders.Query is not ready.
                running.Node.AddDependency(stack.Consumer!);
                GatewayOnAws.Add(stack, graphql, source, running);
            }));
    }

    private static PublishECSFargateServiceWithALBConfig Publish(
        BalancedService service, Action<AwsStack, ApplicationLoadBalancedFargateServiceProps>? before = null, Action<AwsStack, FargateService>? after = null) => new()
        {
            PropsApplicationLoadBalancedTaskImageOptionsCallback = (context, image) => service.Fill(context.GetDeploymentStack<AwsStack>(), image),
            PropsApplicationLoadBalancedFargateServiceCallback = (context, props) =>
            {
                service.Fill(context.GetDeploymentStack<AwsStack>(), props);
                before?.Invoke(context.GetDeploymentStack<AwsStack>(), props);
            },
            ConstructApplicationLoadBalancedFargateServiceCallback = (context, balanced) =>
            {
                service.Finish(context.GetDeploymentStack<AwsStack>(), balanced);
                after?.Invoke(context.GetDeploymentStack<AwsStack>(), balanced.Service);
            },
        };

    private static PublishECSFargateServiceConfig Consumer(OrdersStackSettings settings) => new()
    {
        PropsFargateTaskDefinitionCallback = (_, task) => (task.Cpu, task.MemoryLimitMiB) = (settings.TaskCpu, settings.TaskMemory),
        PropsContainerDefinitionCallback = (context, container) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            container.ContainerName = stack.Sync.Name;
            container.Environment = stack.Sync.Environment;
            container.Secrets = stack.Sync.Secrets;
            container.StopTimeout = StopGrace;
            container.Logging = LogDriver.AwsLogs(new AwsLogDriverProps { LogGroup = stack.ServiceLogs("Sync"), StreamPrefix = stack.Sync.Name });
        },
        PropsFargateServiceCallback = (context, service) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            service.DesiredCount = settings.Tasks;
            service.MaxHealthyPercent = 200;
            service.CircuitBreaker = new DeploymentCircuitBreaker { Rollback = true };
            service.SecurityGroups = [stack.Sync.SecurityGroup];
            service.VpcSubnets = stack.ServiceSubnets;
        },
        ConstructFargateServiceCallback = (context, service) =>
        {
            var stack = context.GetDeploymentStack<AwsStack>();
            stack.Consumer = service;
            stack.Sync.Complete(service.TaskDefinition, service);
            // Aspire takes a network that has no NAT for one without private subnets, and would give each task an address that leads nowhere.
            ((CfnService)service.Node.DefaultChild!).AddPropertyOverride("NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp", "DISABLED");
        },
    };
}

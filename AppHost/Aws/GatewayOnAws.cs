using Amazon.CDK.AWS.Ecr.Assets;
using Amazon.CDK.AWS.ECS;
using Amazon.CDK.AWS.ECS.Patterns;
using Orders.Infra;

namespace Orders.AppHost.Aws;

/// <summary>
/// Orders.GraphQL in AWS, from its own Dockerfile. Aspire publishes nothing but .NET projects to Fargate; the CDK builds this image as it deploys.
/// </summary>
internal static class GatewayOnAws
{
    private const string QueryName = "query";

    /// <summary>Where Orders.Query is asked: at its tasks, by <see cref="NameQuery"/>.</summary>
    public static string QueryAddress(AwsStack stack) => $"http://{QueryName}.{stack.Names.NamespaceName}:{OrdersStack.ContainerPort}";

    /// <summary>
    /// Lets Orders.Query's tasks be found by a name inside the VPC. Its load balancer has public addresses, to which nothing leads from a network without
    /// NAT; and the tasks' security group admits the gateway's on that one port, so that its callers' keys never leave the VPC.
    /// </summary>
    public static CloudMapOptions NameQuery(AwsStack stack) => new()
    {
        CloudMapNamespace = stack.Names,
        Name = QueryName,
        // As long as a stopped task's address may still be tried.
        DnsTtl = Amazon.CDK.Duration.Seconds(10),
    };

    /// <summary>Adds it.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="balanced">Its name and settings.</param>
    /// <param name="source">The folder with its Dockerfile.</param>
    /// <param name="query">Orders.Query, without which it is not ready.</param>
    public static void Add(AwsStack stack, BalancedService balanced, string source, FargateService query)
    {
        var image = new ApplicationLoadBalancedTaskImageOptions { Image = ContainerImage.FromAsset(source, new AssetImageProps { Platform = Platform_.LINUX_AMD64 }) };
        balanced.Fill(stack, image);
        image.Environment!["ORDERS_QUERY_URL"] = QueryAddress(stack);
        image.Environment["HOST"] = "0.0.0.0";
        image.Environment["NODE_ENV"] = "production";

        var props = new ApplicationLoadBalancedFargateServiceProps { Cluster = stack.Cluster, TaskImageOptions = image };
        balanced.Fill(stack, props);
        var service = new ApplicationLoadBalancedFargateService(stack, "Gateway", props);
        balanced.Finish(stack, service);
        service.Service.Node.AddDependency(query);
    }
}

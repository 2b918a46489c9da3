using Amazon.CDK.AWS.ECS;
using Orders.Infra.Services;

namespace Orders.AppHost.Aws;

internal static class ServiceCompletion
{
    /// <summary>Gives a service's task its rights and its collector, and lets it start after its stores.</summary>
    public static void Complete(this OrdersService service, TaskDefinition task, FargateService running)
    {
        service.Grant(task.TaskRole);
        service.AddCollector(task);
        service.WaitForStores(running);
    }
}

using Shouldly;
using Xunit;
using Props = System.Collections.Generic.Dictionary<string, object>;

namespace Orders.Tests.Infra;

/// <summary>How the services run on Fargate.</summary>
[Collection(SynthesizedStacks.CallsCdk)]
public sealed class RunningServicesTests(SynthesizedStacks stacks)
{
    private const string Service = "AWS::ECS::Service";
    private const string Scaling = "AWS::ApplicationAutoScaling::ScalableTarget";

    [Fact]
    public void All_of_them_run_in_one_cluster_in_private_and_go_back_to_what_ran_before()
    {
        foreach (var stack in new[] { stacks.Whole, stacks.Trial, stacks.Existing, stacks.Small })
        {
            stack.Assert.ResourceCountIs("AWS::ECS::Cluster", 1);
            stack.Assert.ResourceCountIs(Service, stack == stacks.Small ? 4 : 5);
            stack.Assert.AllResourcesProperties(Service, new Props
            {
                ["LaunchType"] = "FARGATE",
                ["Cluster"] = new Props { ["Ref"] = stack.Json.Only("AWS::ECS::Cluster").Name },
                ["NetworkConfiguration"] = new Props { ["AwsvpcConfiguration"] = new Props { ["AssignPublicIp"] = "DISABLED" } },
                ["DeploymentConfiguration"] = new Props
                {
                    ["MinimumHealthyPercent"] = 100,
                    ["MaximumPercent"] = 200,
                    ["DeploymentCircuitBreaker"] = new Props { ["Enable"] = true, ["Rollback"] = true },
                },
            });
        }
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Query")]
    [InlineData("GraphQl")]
    public void A_service_behind_a_load_balancer_has_two_to_ten_tasks_by_the_work_of_their_processors(string service)
    {
        var target = stacks.Whole.Json.OfType(Scaling).Single(each => each.Name.StartsWith($"{service}Service", StringComparison.Ordinal));

        (target["MinCapacity"].GetInt32(), target["MaxCapacity"].GetInt32(), target.Text("ScalableDimension")).ShouldBe((2, 10, "ecs:service:DesiredCount"));
        stacks.Whole.Assert.HasResourceProperties("AWS::ApplicationAutoScaling::ScalingPolicy", new Props
        {
            ["ScalingTargetId"] = new Props { ["Ref"] = target.Name },
            ["TargetTrackingScalingPolicyConfiguration"] = new Props
            {
                ["TargetValue"] = 60,
                ["PredefinedMetricSpecification"] = new Props { ["PredefinedMetricType"] = "ECSServiceAverageCPUUtilization" },
            },
        });
        stacks.Whole.Json.Named(Service, $"{service}Service")["DesiredCount"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined, "a deployment would take away tasks that the load needs");
    }

    [Fact]
    public void Orders_Sync_has_a_fixed_number_of_tasks_no_way_in_and_time_to_hand_over()
    {
        stacks.Whole.Assert.ResourceCountIs(Scaling, 3);
        var sync = stacks.Whole.Json.Named(Service, "SyncService");
        sync["DesiredCount"].GetInt32().ShouldBe(2);
        sync["LoadBalancers"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
        new ServiceTask(stacks.Whole.Json, "Sync").Container.GetProperty("StopTimeout").GetInt32().ShouldBe(60);
    }

    [Fact]
    public void Orders_Warehouse_has_one_large_task_no_way_in_and_time_to_hand_over()
    {
        var warehouse = stacks.Whole.Json.Named(Service, "WarehouseService");
        warehouse["DesiredCount"].GetInt32().ShouldBe(1);
        warehouse["LoadBalancers"].ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Undefined);
        var task = new ServiceTask(stacks.Whole.Json, "Warehouse");
        (task.Definition.Text("Cpu"), task.Definition.Text("Memory"), task.Definition["EphemeralStorage.SizeInGiB"].GetInt32()).ShouldBe(("1024", "4096", 50));
        task.Container.GetProperty("StopTimeout").GetInt32().ShouldBe(60);
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Sync")]
    [InlineData("Query")]
    [InlineData("GraphQl")]
    public void A_task_has_its_size_its_port_and_a_log_group_that_forgets(string service)
    {
        var task = new ServiceTask(stacks.Whole.Json, service);

        (task.Definition.Text("Cpu"), task.Definition.Text("Memory")).ShouldBe(("512", "1024"));
        task.Container.GetProperty("PortMappings")[0].GetProperty("ContainerPort").GetInt32().ShouldBe(8080);
        var group = TemplateJson.Target(task.Container.GetProperty("LogConfiguration").GetProperty("Options").GetProperty("awslogs-group"));
        stacks.Whole.Json.Named("AWS::Logs::LogGroup", $"{service}Logs").Name.ShouldBe(group);
        stacks.Whole.Assert.AllResourcesProperties("AWS::Logs::LogGroup", new Props { ["RetentionInDays"] = 30 });
    }

    [Fact]
    public void The_gateway_asks_the_tasks_of_the_Query_by_a_name_inside_the_vpc()
    {
        var names = stacks.Whole.Json.Only("AWS::ServiceDiscovery::PrivateDnsNamespace");
        names.Text("Name").ShouldBe("orders.internal");
        stacks.Whole.Assert.HasResourceProperties("AWS::ServiceDiscovery::Service", new Props
        {
            ["Name"] = "query",
            ["DnsConfig"] = new Props
            {
                ["NamespaceId"] = new Props { ["Fn::GetAtt"] = new[] { names.Name, "Id" } },
                ["DnsRecords"] = new[] { new Props { ["Type"] = "A", ["TTL"] = 10 } },
            },
        });
        TemplateJson.Target(stacks.Whole.Json.Named(Service, "QueryService")["ServiceRegistries"][0].GetProperty("RegistryArn"))
            .ShouldBe(stacks.Whole.Json.Only("AWS::ServiceDiscovery::Service").Name);

        var gateway = new ServiceTask(stacks.Whole.Json, "GraphQl");
        gateway.Environment.Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(
            ["ORDERS_QUERY_URL=http://query.orders.internal:8080", "HOST=0.0.0.0", "NODE_ENV=production", "PORT=8080", "GRAPHQL_TRUST_PROXY=true"], ignoreOrder: true);
        gateway.Container.TryGetProperty("Secrets", out _).ShouldBeFalse("it hands its callers' keys on");
        gateway.Containers.Count().ShouldBe(1, "it sends no telemetry");
    }

    [Fact]
    public void Two_stacks_in_one_vpc_have_names_apart()
    {
        stacks.Existing.Json.Only("AWS::ServiceDiscovery::PrivateDnsNamespace").Text("Name").ShouldBe("theirs.internal");
        new ServiceTask(stacks.Existing.Json, "GraphQl").Environment["ORDERS_QUERY_URL"].ShouldBe("http://query.theirs.internal:8080");
    }
}

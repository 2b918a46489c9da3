using System.Text.Json;
using Orders.Infra;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>Where the services' images come from.</summary>
public sealed class ImagesTests(SynthesizedStacks stacks)
{
    [Theory]
    [InlineData("Api")]
    [InlineData("Sync")]
    [InlineData("Query")]
    [InlineData("Warehouse")]
    public void A_service_of_dotnet_is_published_by_the_CDK_as_it_deploys(string service)
    {
        var name = $"orders-{service.ToLowerInvariant()}";
        var command = Images(stacks.Whole).Select(image => image.Source).Where(source => source.TryGetProperty("executable", out _))
            .Select(source => source.GetProperty("executable").EnumerateArray().Select(word => word.GetString()!).ToList())
            .Single(words => words.Contains($"-p:ContainerRepository={name}"));

        command[..4].ShouldBe(["dotnet", "publish", Path.Combine(SourceFolder.Find(), $"Orders.{service}", $"Orders.{service}.csproj"), "-t:PublishContainer"]);
        File.Exists(command[2]).ShouldBeTrue();
        command.ShouldContain("-getProperty:LocalImage");
        command.Single(word => word.StartsWith("-p:LocalImage=", StringComparison.Ordinal)).ShouldStartWith($"-p:LocalImage={name}:");
        new ServiceTask(stacks.Whole.Json, service).Image.ShouldContain("cdk-hnb659fds-container-assets-");
    }

    [Fact]
    public void The_gateway_and_the_collector_are_built_from_their_Dockerfiles_for_the_processors_of_Fargate()
    {
        var built = Images(stacks.Whole).Select(image => image.Source).Where(source => source.TryGetProperty("directory", out _)).ToList();

        built.ShouldAllBe(source => source.GetProperty("platform").GetString() == "linux/amd64");
        var folders = built.Select(source => Path.Combine(stacks.Whole.App.Folder, source.GetProperty("directory").GetString()!)).ToList();
        folders.ShouldAllBe(folder => File.Exists(Path.Combine(folder, "Dockerfile")));
        folders.ShouldContain(folder => File.Exists(Path.Combine(folder, "src", "main.js")) && !Directory.Exists(Path.Combine(folder, "node_modules")));
        folders.ShouldContain(folder => File.Exists(Path.Combine(folder, "collector.yaml")));
        folders.Count.ShouldBe(2);
    }

    [Fact]
    public void Every_task_takes_the_image_that_is_pushed_for_it()
    {
        var tags = Images(stacks.Whole).Select(image => image.Tag).ToList();
        var images = new[] { "Api", "Sync", "Query", "GraphQl", "Warehouse" }.Select(service => new ServiceTask(stacks.Whole.Json, service).Image).ToList();

        tags.Count.ShouldBe(6);
        images.ShouldBeUnique();
        images.ShouldAllBe(image => tags.Exists(tag => image.EndsWith($":{tag}", StringComparison.Ordinal)));
        stacks.Whole.App.ImagesToMake.ShouldBe(["apiImage", "syncImage", "queryImage", "graphqlImage", "warehouseImage", "collectorImage"]);
    }

    [Fact]
    public void An_image_that_a_parameter_names_is_taken_and_none_is_made()
    {
        Images(stacks.Trial).ShouldBeEmpty();
        stacks.Trial.App.ImagesToMake.ShouldBeEmpty();
        stacks.Small.App.ImagesToMake.ShouldBeEmpty();
        stacks.Existing.App.ImagesToMake.ShouldBe(["collectorImage"]);
        new ServiceTask(stacks.Trial.Json, "Sync").Image.ShouldBe("registry.example.com/sync:2");
        new ServiceTask(stacks.Trial.Json, "Query").Image.ShouldBe("registry.example.com/query:3");
        new ServiceTask(stacks.Trial.Json, "GraphQl").Image.ShouldBe("registry.example.com/graphql:4");
        new ServiceTask(stacks.Trial.Json, "Warehouse").Image.ShouldBe("registry.example.com/warehouse:5");
    }

    [Fact]
    public void An_image_of_the_accounts_own_registry_may_be_pulled()
    {
        var api = new ServiceTask(stacks.Trial.Json, "Api");

        api.Image.ShouldEndWith("/orders-api:1");
        api.StartRights.ShouldContain(right => right.Action == "ecr:BatchGetImage" && right.Resource.EndsWith(":repository/orders-api", StringComparison.Ordinal));
    }

    private static List<(JsonElement Source, string Tag)> Images(SynthesizedStack stack) =>
    [
        .. stack.Images.EnumerateObject().Select(image => (image.Value.GetProperty("source"), image.Value.GetProperty("destinations").EnumerateObject().Single().Value.GetProperty("imageTag").GetString()!)),
    ];
}

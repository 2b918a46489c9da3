using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Stores;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Stores;

public sealed class ContainerWatchTests
{
    [Fact]
    public async Task A_runtime_that_goes_away_is_the_state_of_its_containers_until_it_answers_again()
    {
        string? fault = "docker says: Cannot connect";
        var builder = DistributedApplication.CreateBuilder();
        var store = builder.AddContainer("store", "image").Resource;
        await using var app = builder.Build();
        var notifications = app.Services.GetRequiredService<ResourceNotificationService>();
        using var watch = ActivatorUtilities.CreateInstance<ContainerWatch>(app.Services, () => fault);
        await notifications.PublishUpdateAsync(store, snapshot => snapshot with { State = KnownResourceStates.Running });

        await watch.LookAsync(CancellationToken.None);
        State().ShouldBe(KnownResourceStates.Running, "a running container is no reason to ask the runtime");

        await notifications.PublishUpdateAsync(store, snapshot => snapshot with { State = KnownResourceStates.Exited });
        await watch.LookAsync(CancellationToken.None);
        State().ShouldBe(KnownResourceStates.RuntimeUnhealthy);
        Problem().ShouldStartWith("The container runtime has gone away (docker says: Cannot connect). Start it again");

        fault = null;
        await watch.LookAsync(CancellationToken.None);
        State().ShouldBe(KnownResourceStates.Exited);
        Problem().ShouldStartWith("The container runtime answers again.");

        CustomResourceSnapshot Snapshot() => notifications.TryGetCurrentState("store", out var current) ? current.Snapshot : throw new InvalidOperationException();
        string? State() => Snapshot().State?.Text;
        string? Problem() => Snapshot().Properties.Single(property => property.Name == "Problem").Value as string;
    }
}

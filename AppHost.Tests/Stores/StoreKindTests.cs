using Orders.AppHost.Stores;
using Orders.Engines;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Stores;

public sealed class StoreKindTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "docker is not installed", true)]
    [InlineData(true, null, true)]
    [InlineData(true, "docker is not installed", true)]
    [InlineData(false, null, false)]
    public void Containers_are_taken_where_a_runtime_answers_and_nothing_else_was_asked_for(bool? engines, string? fault, bool isEngines) =>
        StoreKind.Choose(engines, () => fault).IsEngines.ShouldBe(isEngines);

    [Fact]
    public void Containers_that_cannot_be_had_are_refused_with_what_is_missing() =>
        Should.Throw<EngineException>(() => StoreKind.Choose(engines: false, () => "docker is not installed")).Message.ShouldBe(
            "Engines=false asks for containers, and no container runtime answers (docker is not installed). Start Docker or Podman, or leave Engines out for engines of this machine.");
}

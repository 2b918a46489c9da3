using Xunit;

namespace Orders.AppHost.Tests;

public sealed class ResourceTests(RunningAppHost apphost)
{
    [Theory]
    [InlineData("dynamodb")]
    [InlineData("postgres")]
    [InlineData("orders")]
    [InlineData("redis")]
    [InlineData("api")]
    [InlineData("sync")]
    [InlineData("sync-2")]
    [InlineData("query")]
    [InlineData("graphql")]
    [InlineData("warehouse")]
    public Task Every_resource_becomes_healthy(string resource) => apphost.WaitForAsync(resource);
}

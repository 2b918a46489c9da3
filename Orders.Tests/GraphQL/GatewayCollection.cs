using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// The tests that share one system: they count the gateway's calls, so that only one of them runs at a time.
/// </summary>
[CollectionDefinition(Name)]
public sealed class GatewayCollection : ICollectionFixture<GatewayFixture>
{
    public const string Name = "gateway";
}

using Xunit;

namespace Orders.Tests.Query;

/// <summary>Test classes that share the <see cref="LargeReadModel"/>. They run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class LargeReadModelCollection : ICollectionFixture<LargeReadModel>
{
    public const string Name = "large read model";
}

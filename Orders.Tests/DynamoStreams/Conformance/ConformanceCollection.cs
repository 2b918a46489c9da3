using Orders.Tests.DynamoStreams.Scripted;
using Orders.Tests.Sync;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>
/// What a correct consumer of DynamoDB Streams handles: a file for each fact about the service, and for each
/// pain of the users of other consumers.
/// </summary>
[CollectionDefinition(nameof(ConformanceCollection))]
public sealed class ConformanceCollection : ICollectionFixture<ConsumerBench>, ICollectionFixture<ProjectionFixture>;

using DynamoStreams.Postgres;
using DynamoStreams.Testing.Compliance;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Testing;

/// <summary>Every store keeps every promise: a test for each.</summary>
public sealed class LeaseStoreComplianceTests(PostgresUnderTest postgres) : IClassFixture<PostgresUnderTest>
{
    public static TheoryData<string> Cases => [.. LeaseStoreCompliance.Cases.Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public Task In_memory(string promise) => Case(promise).RunAsync(new MemoryUnderTest());

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task In_Postgres(string promise) => await Case(promise).RunAsync(await postgres.EmptyAsync(ConsumerSchema.Default));

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task In_another_schema_of_Postgres(string promise) => await Case(promise).RunAsync(await postgres.EmptyAsync(PostgresUnderTest.Other));

    [Fact]
    public void No_two_promises_have_one_name() => LeaseStoreCompliance.Cases.Select(each => each.Name).ShouldBeUnique();

    private static LeaseStoreCase Case(string name) => LeaseStoreCompliance.Cases.Single(each => each.Name == name);
}

using ArchUnitNET.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>What a part must not know, so that its promises can be read off its references.</summary>
public sealed class BoundariesTests
{
    private static readonly string[] Services = ["Orders.Api", "Orders.Query", "Orders.Sync", "Orders.Warehouse"];
    private static readonly string[] BelowEndpoints = ["Store", "Reader", "Writer", "Sql", "Rows", "Finder", "Service", "Projection", "Repair", "Cache", "Draft", "Lag"];

    [Theory]
    [InlineData("Orders.Query", "Amazon.DynamoDBv2", "reads never touch the write store")]
    [InlineData("Orders.Query", "DynamoStreams", "nor its stream")]
    [InlineData("Orders.Api", "Npgsql", "the write service has one store")]
    [InlineData("Orders.Api", "StackExchange.Redis", "the write service has one store")]
    [InlineData("Orders.Domain", "Npgsql", "an order knows no store but its own item's form")]
    [InlineData("Orders.Domain", "StackExchange.Redis", "an order knows no store but its own item's form")]
    [InlineData("Orders.Domain", "Microsoft.AspNetCore", "an order knows no HTTP")]
    [InlineData("DynamoStreams", "Microsoft.AspNetCore", "a consumer needs no web server")]
    [InlineData("DynamoStreams", "StackExchange.Redis", "a consumer of any table knows no cache")]
    public void A_part_does_not_know_what_it_has_nothing_to_do_with(string part, string other, string reason) =>
        House.References().Where(reference => House.IsIn(reference.From, part) && House.IsIn(reference.To, other)).Select(Words).ShouldBeEmpty(reason);

    [Fact]
    public void Below_an_endpoint_nothing_knows_the_request() => House.References()
        .Where(reference => reference.To.FullName == "Microsoft.AspNetCore.Http.HttpContext" && Array.Exists(Services, service => House.IsIn(reference.From, service)) && Array.Exists(BelowEndpoints, end => reference.From.Name.EndsWith(end, StringComparison.Ordinal)))
        .Select(Words).ShouldBeEmpty();

    [Fact]
    public void An_endpoint_leaves_the_failures_of_Postgres_to_the_filters() => House.References()
        .Where(reference => reference.To.FullName is "Npgsql.NpgsqlException" or "Npgsql.PostgresException" && IsEndpoint(reference.From))
        .Select(Words).ShouldBeEmpty();

    [Fact]
    public void No_two_types_have_one_name() => House.Assemblies
        .SelectMany(assembly => assembly.GetTypes().Where(type => !type.IsNested && !type.Name.StartsWith('<')))
        .Where(type => type.Namespace is not null && (type.Namespace.StartsWith("Orders", StringComparison.Ordinal) || type.Namespace.StartsWith("DynamoStreams", StringComparison.Ordinal)))
        .GroupBy(type => type.Name, StringComparer.Ordinal)
        .Where(group => group.Count() > 1 && group.Key is not ("Program" or "LoggerExtensions"))
        .Select(group => string.Join(", ", group)).ShouldBeEmpty();

    // Those of Orders.Query are named by their verb.
    private static bool IsEndpoint(IType type) =>
        type.Name.EndsWith("Endpoint", StringComparison.Ordinal) || type.Name.EndsWith("Endpoints", StringComparison.Ordinal) || type.Name.EndsWith("Api", StringComparison.Ordinal)
        || (type.Namespace.FullName == "Orders.Query" && (type.Name.StartsWith("Get", StringComparison.Ordinal) || type.Name.StartsWith("List", StringComparison.Ordinal)));

    private static string Words((IType From, IType To) reference) => $"{reference.From.FullName} uses {reference.To.FullName}";
}

using ArchUnitNET.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>Which project may know which: arrows run one way.</summary>
public sealed class ProjectsTests
{
    private static readonly string[] Services = ["Orders.Api", "Orders.Query", "Orders.Sync", "Orders.Warehouse"];

    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["DynamoStreams"] = [],
        ["DynamoStreams.Postgres"] = ["DynamoStreams"],
        ["DynamoStreams.Testing"] = ["DynamoStreams"],
        ["Orders.Domain"] = [],
        ["ServiceDefaults"] = [],
        ["Orders.Api"] = ["Orders.Domain", "ServiceDefaults"],
        ["Orders.Query"] = ["Orders.Domain", "ServiceDefaults"],
        ["Orders.Sync"] = ["DynamoStreams", "DynamoStreams.Postgres", "Orders.Domain", "ServiceDefaults"],
        ["Orders.Warehouse"] = ["DynamoStreams", "DynamoStreams.Postgres", "Orders.Domain", "ServiceDefaults"],
        ["Orders.Engines"] = [],
    };

    [Fact]
    public void A_project_knows_only_those_below_it()
    {
        var names = House.Assemblies.Select(assembly => assembly.GetName().Name!).ToList();
        names.ShouldBe(Known.Keys, ignoreOrder: true);
        foreach (var assembly in House.Assemblies)
        {
            var name = assembly.GetName().Name!;
            assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(names.Contains).Except(Known[name]).ShouldBeEmpty(name);
        }
    }

    [Fact]
    public void A_service_does_not_know_another() =>
        House.References().Where(reference => ServiceOf(reference.From) is { } service && ServiceOf(reference.To) is { } other && service != other).ShouldBeEmpty();

    [Theory]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Npgsql")]
    public void The_consumer_is_not_bound_to(string other) => typeof(global::DynamoStreams.StreamConsumer).Assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!).Where(name => name.StartsWith(other, StringComparison.Ordinal)).ShouldBeEmpty();

    private static string? ServiceOf(IType type) => Array.Find(Services, service => House.IsIn(type, service));
}

using Shouldly;
using Xunit;

namespace Orders.Tests.Architecture;

/// <summary>Which project may know which: arrows run one way.</summary>
public sealed class ProjectsTests
{
    private static readonly Dictionary<string, string[]> Known = new(StringComparer.Ordinal)
    {
        ["DynamoStreams"] = [],
        ["Orders.Domain"] = [],
        ["ServiceDefaults"] = [],
        ["Orders.Api"] = ["Orders.Domain", "ServiceDefaults"],
        ["Orders.Query"] = ["Orders.Domain", "ServiceDefaults"],
        ["Orders.Sync"] = ["DynamoStreams", "Orders.Domain", "ServiceDefaults"],
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
        House.References().Where(reference => IsOfService(reference.From.Namespace.FullName, out var service)
            && IsOfService(reference.To.Namespace.FullName, out var other) && service != other).ShouldBeEmpty();

    private static bool IsOfService(string name, out string service)
    {
        service = new[] { "Orders.Api", "Orders.Query", "Orders.Sync" }.FirstOrDefault(each => name == each || name.StartsWith($"{each}.", StringComparison.Ordinal)) ?? "";
        return service.Length > 0;
    }
}

namespace Orders.AppHost.Running;

/// <summary>What is wrong with a resource, and the way out, where the dashboard shows its details.</summary>
internal static class ResourceProblem
{
    private const string Property = "Problem";

    /// <summary>What is wrong; null for nothing.</summary>
    public static string? Of(CustomResourceSnapshot resource) => resource.Properties.FirstOrDefault(property => property.Name == Property)?.Value as string;

    /// <summary>The snapshot without a problem.</summary>
    public static CustomResourceSnapshot WithoutProblem(this CustomResourceSnapshot resource) =>
        resource with { Properties = [.. resource.Properties.Where(property => property.Name != Property)] };

    /// <summary>The snapshot with this problem in place of the one before.</summary>
    public static CustomResourceSnapshot WithProblem(this CustomResourceSnapshot resource, string problem) =>
        resource with { Properties = [.. resource.Properties.Where(property => property.Name != Property), new ResourcePropertySnapshot(Property, problem)] };
}

namespace Orders.AppHost.Running;

/// <summary>
/// The problem of a resource and what to do, stored where the dashboard shows its details.
/// </summary>
internal static class ResourceProblem
{
    private const string Property = "Problem";

    /// <summary>The problem; null for none.</summary>
    public static string? Of(CustomResourceSnapshot resource) => resource.Properties.FirstOrDefault(property => property.Name == Property)?.Value as string;

    /// <summary>The snapshot without a problem.</summary>
    public static CustomResourceSnapshot WithoutProblem(this CustomResourceSnapshot resource) =>
        resource with { Properties = [.. resource.Properties.Where(property => property.Name != Property)] };

    /// <summary>The snapshot with this problem, which replaces an earlier one.</summary>
    public static CustomResourceSnapshot WithProblem(this CustomResourceSnapshot resource, string problem) =>
        resource with { Properties = [.. resource.Properties.Where(property => property.Name != Property), new ResourcePropertySnapshot(Property, problem)] };
}

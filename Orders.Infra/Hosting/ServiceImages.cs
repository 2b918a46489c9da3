namespace Orders.Infra.Hosting;

/// <summary>The services' images, each <c>registry/name:tag</c>.</summary>
/// <param name="Api"><c>apiImage</c>.</param>
/// <param name="Sync"><c>syncImage</c>.</param>
/// <param name="Query"><c>queryImage</c>.</param>
public sealed record ServiceImages(string Api, string Sync, string Query);

using System.Text.Json;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Aws;

/// <summary>Aspire's description of the system for other tools: <c>aspire do publish-manifest</c>.</summary>
public sealed class ManifestTests : IDisposable
{
    // Addresses, folders, keys and engines of a developer's machine.
    private static readonly string[] OfThisMachine =
    [
        "127.0.0.1", "localhost", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL", "Engines", "Development", "Password", Path.GetTempPath(), AppContext.BaseDirectory,
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_has_the_services_their_references_and_nothing_of_this_machine()
    {
        var run = await PipelineRun.OfAsync("publish-manifest", _folder);

        run.ExitCode.ShouldBe(0, run.ToString());
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "aspire-manifest.json"), TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(text);
        var resources = json.RootElement.GetProperty("resources");
        resources.EnumerateObject().Select(resource => resource.Name).ShouldBe(["orders", "redis", "api", "sync", "query", "graphql"]);

        foreach (var (service, project) in new[] { ("api", "Orders.Api"), ("sync", "Orders.Sync"), ("query", "Orders.Query") })
        {
            Text(service, "type").ShouldBe("project.v0");
            Exists(Text(service, "path"), $"{project}.csproj");
        }

        Variable("api", "Orders__Table").ShouldBe(Variable("sync", "Orders__Table"));
        foreach (var (service, store) in new[] { ("sync", "orders"), ("sync", "redis"), ("query", "orders"), ("query", "redis") })
        {
            Variable(service, $"ConnectionStrings__{store}").ShouldBe($"{{{store}.connectionString}}");
        }

        Variable("query", "Console__ApiUrl").ShouldBe("{api.bindings.http.url}");
        Variable("api", "Orders__Api__AllowedOrigins").ShouldBe("{query.bindings.http.url}");
        Variable("graphql", "ORDERS_QUERY_URL").ShouldBe("{query.bindings.http.url}");
        Exists(resources.GetProperty("graphql").GetProperty("build").GetProperty("dockerfile").GetString(), "Dockerfile");
        foreach (var store in new[] { "orders", "redis" })
        {
            resources.GetProperty(store).GetProperty("inputs").GetProperty("value").GetProperty("secret").GetBoolean().ShouldBeTrue();
        }

        foreach (var local in OfThisMachine)
        {
            text.ShouldNotContain(local);
        }

        string? Text(string resource, string name) => resources.GetProperty(resource).GetProperty(name).GetString();
        string? Variable(string resource, string name) => resources.GetProperty(resource).GetProperty("env").GetProperty(name).GetString();
    }

    // A path relative to the manifest, so that the source folder may be anywhere.
    private void Exists(string? path, string name)
    {
        Path.GetFileName(path).ShouldBe(name);
        Path.IsPathRooted(path).ShouldBeFalse();
        File.Exists(Path.GetFullPath(path!, _folder)).ShouldBeTrue(path);
    }
}

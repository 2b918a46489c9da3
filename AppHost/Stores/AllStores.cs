using Orders.Engines;
using Orders.Engines.Npm;
using Orders.ServiceDefaults.Hosting;

namespace Orders.AppHost.Stores;

/// <summary>The stores of the system: containers, local engines or published ones.</summary>
/// <param name="Table">The DynamoDB-compatible server, with an endpoint <c>http</c>; null for DynamoDB
/// itself.</param>
/// <param name="Orders">The read model, a Postgres database.</param>
/// <param name="Redis">The cache; null if none is available: then Postgres answers all reads.</param>
/// <param name="Home">Holds the data and the addresses; null when publishing.</param>
internal sealed record AllStores(
    IResourceBuilder<IResourceWithEndpoints>? Table,
    IResourceBuilder<IResourceWithConnectionString> Orders,
    IResourceBuilder<IResourceWithConnectionString>? Redis,
    Home? Home)
{
    /// <summary>
    /// The setting that chooses: <c>true</c> for local engines, <c>false</c> for containers; if absent,
    /// containers when a runtime responds.
    /// </summary>
    public const string EnginesSetting = "Engines";

    /// <summary>Adds the stores.</summary>
    /// <param name="builder">Gets them as the resources <c>dynamodb</c>, <c>postgres</c> with <c>orders</c>,
    /// and <c>redis</c>.</param>
    /// <exception cref="EngineException">They are not available.</exception>
    public static async Task<AllStores> AddAsync(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return PublishedStores.Add(builder);
        }

        ProcessEnvironment.ForgetAws();
        ContainerRuntime.Check(builder.Configuration);
        var kind = StoreKind.Choose(builder.Configuration.Flag(EnginesSetting), () => ContainerRuntime.FindFault(builder.Configuration));
        if (kind.Note is { } note)
        {
            Console.WriteLine(note);
        }

        // The gateway's packages are cached there with either kind of stores.
        CacheFolder.Check();
        var home = await Home.OpenAsync(builder);
        return kind.IsEngines ? await EngineStores.AddAsync(builder, home) : ContainerStores.Add(builder, home);
    }
}

using Orders.Engines;
using Orders.ServiceDefaults.Hosting;

namespace Orders.AppHost.Stores;

/// <summary>The stores of the system, whatever they run on.</summary>
/// <param name="Table">The DynamoDB-compatible server, with an endpoint <c>http</c>; null for DynamoDB
/// itself.</param>
/// <param name="Orders">The read model, a Postgres database.</param>
/// <param name="Redis">The cache; null where none can be had, and Postgres answers all reads.</param>
/// <param name="Home">What holds the data and the addresses; null when publishing.</param>
internal sealed record AllStores(
    IResourceBuilder<IResourceWithEndpoints>? Table,
    IResourceBuilder<IResourceWithConnectionString> Orders,
    IResourceBuilder<IResourceWithConnectionString>? Redis,
    Home? Home)
{
    /// <summary>
    /// The variable that chooses: <c>true</c> for engines of this machine, <c>false</c> for containers,
    /// absent for containers where a runtime answers.
    /// </summary>
    public const string EnginesSetting = "Engines";

    /// <summary>Adds them.</summary>
    /// <param name="builder">Gets them as the resources <c>dynamodb</c>, <c>postgres</c> with <c>orders</c>,
    /// and <c>redis</c>.</param>
    /// <returns>Null when they cannot be had; why, and the way out, has been written to the
    /// console.</returns>
    public static async Task<AllStores?> AddAsync(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return PublishedStores.Add(builder);
        }

        try
        {
            Settings.CheckNames(builder.Configuration);
            ProcessEnvironment.ForgetAws();
            var kind = StoreKind.Choose(builder.Configuration.Flag(EnginesSetting), () => ContainerRuntime.FindFault(builder.Configuration));
            if (kind.Note is { } note)
            {
                Console.WriteLine(note);
            }

            var home = await Home.OpenAsync(builder);
            return kind.IsEngines ? await EngineStores.AddAsync(builder, home) : ContainerStores.Add(builder, home);
        }
        catch (EngineException failure)
        {
            await Console.Error.WriteLineAsync(failure.Details.Length > 0 ? $"{failure.Message}{Environment.NewLine}{failure.Details}" : failure.Message);
            return null;
        }
    }
}

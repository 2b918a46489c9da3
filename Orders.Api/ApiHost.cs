using Orders.Api.Batch;
using Orders.Api.ChangeStatus;
using Orders.Api.Cors;
using Orders.Api.Delete;
using Orders.Api.Place;
using Orders.Api.Store;
using Orders.Api.Table;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api;

/// <summary>Builds the write service for its own process, for Orders.Local or for a test.</summary>
public static class ApiHost
{
    /// <summary>Builds it. Settings are read and the table is checked only when it starts.</summary>
    /// <param name="options">Arguments, environment and content root.</param>
    /// <param name="settings">Settings that override all others.</param>
    public static WebApplication Build(WebApplicationOptions options, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(options);
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        builder.AddServiceDefaults("orders-api").AddDynamoDb();
        builder.Services
            .AddSettings(ApiSettings.Read)
            .AddSingleton<IStoreFailures, StoreAnswers>()
            .AddSingleton<StoreGate>()
            .AddSingleton<ItemReader>()
            .AddSingleton<OrderFinder>()
            .AddSingleton<ConditionalWrites>()
            .AddSingleton<OrderWriter>()
            .AddSingleton<IdempotentOrderWriter>()
            .AddSingleton<BatchWriter>()
            .AddSingleton<IdempotentBatchWriter>()
            .AddSingleton<BatchPlacer>()
            .AddSingleton<StatusWriter>()
            .AddSingleton<OrderDeleter>()
            .AddSingleton<TimeToLive>()
            .AddAllowedOrigins()
            .AddSingleton<IStartCheck, TableCheck>();

        var app = builder.Build();
        // Before the authentication: CORS preflight requests carry no credentials.
        app.UseCors();
        app.UseServiceDefaults();
        app.MapDefaultEndpoints();
        app.MapOrders();
        return app;
    }
}

using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Stores;

namespace Orders.Query.Reading;

internal static class ReadModelSetup
{
    public static void AddReadModel(this IServiceCollection services)
    {
        services.AddSingleton<ReadModel>();
        services.AddSingleton<IStoreFailures, ReadModelAnswers>();
        services.AddSingleton<IStartCheck, ReadModelStartCheck>();
        services.AddHealthChecks().AddCheck<ReadModelHealthCheck>("read_model", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);
    }

    /// <summary>For endpoints that always need the read model: adds the deadline and the 503.</summary>
    public static TBuilder ReadsInTime<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.AddEndpointFilter<TBuilder, StoreFailureFilter>().AddEndpointFilter<TBuilder, ReadDeadlineFilter>();
}

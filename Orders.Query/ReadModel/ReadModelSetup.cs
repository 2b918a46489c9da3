using Orders.ServiceDefaults;

namespace Orders.Query;

internal static class ReadModelSetup
{
    public static void AddReadModel(this IServiceCollection services)
    {
        services.AddSingleton<ReadModel>();
        services.AddSingleton<ReadModelAnswers>();
        services.AddSingleton<IStartCheck, ReadModelStartCheck>();
        services.AddHealthChecks().AddCheck<ReadModelHealthCheck>("read_model", tags: [HealthTags.Ready], timeout: PostgresCheck.Timeout);
    }
}

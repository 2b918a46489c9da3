using Orders.Query.Http;

namespace Orders.Query.Status;

internal static class StatusSetup
{
    public static void AddStatus(this IServiceCollection services) => services.AddSingleton<StatusStore>().AddSingleton<LedgerStore>();

    public static void MapStatus(this RouteGroupBuilder v1) =>
        v1.MapRead("/status", GetStatus.HandleAsync)
            .WithTags("status")
            .WithName("GetStatus")
            .WithSummary("How far the read model is behind, what went wrong, and how the stores and the warehouse are.")
            .WithAnswer(StatusExamples.Answer);
}

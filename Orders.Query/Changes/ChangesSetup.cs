using Microsoft.OpenApi;
using Orders.Domain.Cache;
using Orders.Query.Cache;
using Orders.Query.Settings;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Changes;

internal static class ChangesSetup
{
    // A minute of heavy traffic, so that most clients that reconnect need no Postgres.
    private const int RingChanges = 4096;
    private const long RingBytes = 16 * 1024 * 1024;

    public static void AddChangeFeed(this IServiceCollection services)
    {
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<ChangeFeed>(provider, (Func<CacheKeys?>)(() => provider.GetRequiredService<CacheTrust>().Keys)));
        services.AddSingleton<ChangeStore>();
        services.AddSingleton<ChangeReplay>();
        services.AddSingleton<ChangeStarts>();
        services.AddSingleton(provider => new ChangeIdSeal(provider.GetRequiredService<QuerySettings>().CursorKey));
        services.AddSingleton(new ChangeRing(RingChanges, RingBytes));
        services.AddSingleton(provider => new ChangeReaders(provider.GetRequiredService<QuerySettings>().MaxChangeStreams));
        services.AddSingleton<ChangeTail>();
        services.AddSingleton<IChangeListener>(provider => provider.GetRequiredService<ChangeTail>());
        services.AddHostedService(provider => provider.GetRequiredService<ChangeTail>());
    }

    // GET only: a HEAD would never end. No metrics of duration: the length of a stream says nothing about
    // response times.
    public static void MapChanges(this RouteGroupBuilder v1) =>
        v1.MapGet("/changes", GetChanges.HandleAsync)
            .WithName("GetChanges")
            .WithTags("changes")
            .WithSummary("Every change from now on, or from the last one that you have, as server-sent events.")
            .WithQuery("merchant_id", JsonSchemaType.String, "Changes of this merchant's orders.")
            .WithQuery("order_id", JsonSchemaType.String, "Changes of this order.")
            .WithQuery("customer_id", JsonSchemaType.String, "Changes of this customer's orders.")
            .WithQuery("last_event_id", JsonSchemaType.String, "As Last-Event-ID, for a first connection of a browser, which cannot send headers.")
            .WithHeader(ChangesRequest.LastEventId, "The id of the last event that came, opaque and as it came: what followed it comes first.")
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .DisableHttpMetrics();
}

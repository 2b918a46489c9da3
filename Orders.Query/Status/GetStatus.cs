using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Cache;
using Orders.Query.Reading;
using Orders.Query.Settings;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Stores;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Query.Status;

/// <summary>
/// <c>GET /v1/status</c>: how current the read model is, and how its stores and the warehouse are. A key of
/// some merchants is not told what counts the orders of all.
/// </summary>
internal static class GetStatus
{
    public static async Task<Ok<StatusAnswer>> HandleAsync(
        HttpContext http, StatusStore store, LedgerStore ledger, IRedis redis, CacheTrust trust, QuerySettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        var caller = http.GetCaller();
        var asked = (Postgres: AskAsync(store, caller.AllMerchants ? null : caller.Merchants, time, cancellationToken), Redis: AskAsync(redis, trust, time), Warehouse: ledger.ReadAsync(cancellationToken));
        var (postgres, readModel) = await asked.Postgres;
        var (redisStatus, warehouse) = (await asked.Redis, await asked.Warehouse);
        return TypedResults.Ok(caller.AllMerchants
            ? StatusReport.Of(postgres, redisStatus, readModel, warehouse, settings.LagThreshold)
            : StatusReport.ForSomeMerchants(postgres, redisStatus, readModel, warehouse, settings.LagThreshold));
    }

    private static async Task<(EngineStatus Postgres, ReadModelStatus? ReadModel)> AskAsync(
        StatusStore store, IReadOnlyCollection<string>? merchants, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            var answer = await store.ReadAsync(merchants, cancellationToken);
            return (new(Ok: true, Milliseconds(time, started)), answer);
        }
        catch (Exception failure) when (ReadModelFaults.Explain(failure) is not null)
        {
            var away = ReadModelFaults.Explain(failure) != ReadModelFaults.NotThereYet;
            return (new(Ok: false, LatencyMs: null, away ? PostgresFaults.Describe(failure) ?? "does not answer" : ReadModelFaults.NotThereYet), null);
        }
    }

    private static async Task<EngineStatus?> AskAsync(IRedis redis, CacheTrust trust, TimeProvider time)
    {
        if (!redis.IsConfigured)
        {
            return null;
        }

        var started = time.GetTimestamp();
        var look = await redis.FindFaultAsync();
        if (!look.Answered || look.Value is not null)
        {
            return new(Ok: false, LatencyMs: null, $"{look.Value ?? "does not answer"}: reads go to Postgres");
        }

        return trust.IsTrusted
            ? new(Ok: true, Milliseconds(time, started))
            : new(Ok: false, Milliseconds(time, started), "may lack changes until Orders.Sync has mended it: reads go to Postgres");
    }

    private static double Milliseconds(TimeProvider time, long started) => Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 3);
}

using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.RateLimits;

internal static class RateLimitSetup
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <param name="builder">The service's builder.</param>
    /// <param name="keyOf">The API key of a request; null for none.</param>
    public static void AddRateLimits(this WebApplicationBuilder builder, Func<HttpContext, string?> keyOf)
    {
        builder.Services.AddSettings(RateLimitSettings.Read);
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<RateLimitSettings>((options, settings) =>
        {
            options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                RateLimitPartition.GetTokenBucketLimiter(Partition(context, keyOf(context)), _ => TokenBucket.Options(settings.PerSecond, settings.Burst)));
            options.OnRejected = (rejected, _) => new ValueTask(Refuse(rejected));
        });
    }

    // Requests without a key are for public documents (OpenAPI) or will be a 401 or 404; they are limited by
    // address.
    private static string Partition(HttpContext context, string? key) =>
        key is not null ? $"key {key}" : $"address {context.Connection.RemoteIpAddress}";

    private static Task Refuse(OnRejectedContext rejected)
    {
        var retryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Soon;
        return Problems.TooManyRequests("More requests than this key's rate limit lets through.", retryAfter).ExecuteAsync(rejected.HttpContext);
    }
}

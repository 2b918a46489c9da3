using Orders.ServiceDefaults.Settings;

namespace Orders.Api;

/// <summary>The settings of this service, under <c>Orders</c>.</summary>
/// <param name="StoreTimeout"><c>Orders:Store:TimeoutSeconds</c>: how long one request may wait for
/// DynamoDB, over all calls and retries.</param>
/// <param name="StoreInFlight"><c>Orders:Store:InFlight</c>: how many requests may wait for DynamoDB at
/// once; one more is answered with 503.</param>
/// <param name="IdempotencyLifetime"><c>Orders:Idempotency:Hours</c>: how long an Idempotency-Key is
/// remembered.</param>
internal sealed record ApiSettings(TimeSpan StoreTimeout, int StoreInFlight, TimeSpan IdempotencyLifetime)
{
    private const double DefaultTimeoutSeconds = 5;
    private const double DefaultIdempotencyHours = 24;

    // With DynamoDB's usual 5 ms this allows about 200 000 orders a second. If DynamoDB hangs, memory and
    // sockets must hold this many requests.
    private const double DefaultInFlight = 1024;

    public static ApiSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Orders", settings => new ApiSettings(
        TimeSpan.FromSeconds(settings.Number("Store:TimeoutSeconds", DefaultTimeoutSeconds, 0.1, 60)),
        (int)settings.Number("Store:InFlight", DefaultInFlight, 1, 1_000_000),
        TimeSpan.FromHours(settings.Number("Idempotency:Hours", DefaultIdempotencyHours, 0.01, 24 * 365))));
}

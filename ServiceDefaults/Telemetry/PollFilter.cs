using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// Drops the spans of store calls that belong to no exported request or batch: polls of a stream or lease,
/// several a second, and calls of health requests, which are not traced. Done at the end of a span and not
/// by sampling: a sampler does not know the address of an HTTP call yet, and <c>always_on</c> samples the
/// calls of a request that is not exported.
/// </summary>
internal sealed class PollFilter(IEnumerable<Uri> stores) : BaseProcessor<Activity>
{
    private const string Postgres = "Npgsql";
    private const string Aws = ".amazonaws.com";
    private static readonly string[] AddressSettings = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS"];

    private readonly HashSet<(string Host, int Port)> _stores = [.. stores.Select(store => (store.Host, store.Port))];

    public static PollFilter Create(IConfiguration configuration) =>
        new(AddressSettings
            .Select(name => Uri.TryCreate(configuration[name], UriKind.Absolute, out var address) ? address : null)
            .OfType<Uri>());

    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Client && (data.ParentSpanId == default || data.Parent is { Recorded: false }) && IsStore(data))
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }

    private bool IsStore(Activity call) =>
        call.Source.Name == Postgres
        || call.GetTagItem("server.address") is string host
        && (host.EndsWith(Aws, StringComparison.OrdinalIgnoreCase) || call.GetTagItem("server.port") is int port && _stores.Contains((host, port)));
}

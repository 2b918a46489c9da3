using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class TelemetryTests
{
    // Sources and meters are process wide, and other tests run beside these: what is looked for has a name
    // of its own.
    private readonly string _mark = $"mark-{Guid.CreateVersion7():N}";

    [Theory]
    [InlineData("http/protobuf", "/v1/traces")]
    [InlineData("grpc", "TraceService/Export")]
    public async Task A_requests_span_goes_out_with_route_status_and_service(string protocol, string path)
    {
        await using var receiver = await OtlpReceiver.StartAsync(protocol == "grpc");
        await using var service = await StartAsync(Exporting(receiver, protocol));

        await service.Client.GetAsync($"/{_mark}/7");
        var export = (await receiver.UntilAsync(path, $"GET /{_mark}/{{id}}"))[^1];

        export.Body.ShouldContain("http.route");
        export.Body.ShouldContain("http.request.method");
        export.Body.ShouldContain("http.response.status_code");
        export.Body.ShouldContain("orders-test");
        export.Team.ShouldBe("blue");
    }

    [Fact]
    public async Task Health_requests_leave_no_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(Exporting(receiver, "http/protobuf"));

        await service.Client.GetAsync("/health/live");
        await service.Client.GetAsync("/Health/ready");
        // Nor when the caller's trace is recorded.
        using var traced = new HttpRequestMessage(HttpMethod.Get, "/health/ready") { Headers = { { "traceparent", $"00-{ActivityTraceId.CreateRandom()}-00f067aa0ba902b7-01" } } };
        await service.Client.SendAsync(traced);
        await service.Client.GetAsync($"/{_mark}/7");
        var exports = await receiver.UntilAsync("/v1/traces", _mark);

        exports.Where(export => export.Path == "/v1/traces").ShouldAllBe(export => !export.Body.Contains("GET /health", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Measurements_go_out()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(Exporting(receiver, "http/protobuf"));

        await service.Client.GetAsync($"/{_mark}/7");

        await receiver.UntilAsync("/v1/metrics", "http.server.request.duration");
    }

    [Fact]
    public async Task Logs_go_out_and_name_their_trace()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(
            Exporting(receiver, "http/protobuf"),
            app => app.MapGet($"/{_mark}/log", (ILogger<TelemetryTests> logger) =>
            {
                logger.LogWarning("said {Mark}", _mark);
                return Activity.Current!.TraceId.ToHexString();
            }).AllowAnonymous());

        var trace = await service.Client.GetStringAsync($"/{_mark}/log");
        var export = (await receiver.UntilAsync("/v1/logs", $"said {_mark}"))[^1];

        export.Body.ShouldContain("orders-test");
        export.Body.ShouldContain(System.Text.Encoding.Latin1.GetString(Convert.FromHexString(trace)));
    }

    [Fact]
    public async Task An_address_for_traces_alone_sends_traces_alone_and_as_it_is()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Exporting(receiver, "http/protobuf");
        settings.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        settings["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{receiver.Address}/elsewhere";
        settings["OTEL_SERVICE_NAME"] = $"name-of-{_mark}";
        await using var service = await StartAsync(settings);

        await service.Client.GetAsync($"/{_mark}/7");
        var exports = await receiver.UntilAsync("/elsewhere", _mark);

        exports.ShouldAllBe(export => export.Path == "/elsewhere");
        exports[^1].Body.ShouldContain($"name-of-{_mark}");
    }

    [Fact]
    public async Task The_environment_names_the_instance_in_every_signal()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Exporting(receiver, "http/protobuf");
        settings["OTEL_SERVICE_NAME"] = "sync";
        settings["OTEL_RESOURCE_ATTRIBUTES"] = $"service.name=other,service.instance.id=one-of-{_mark}";
        await using var service = await StartAsync(settings);

        await service.Client.GetAsync($"/{_mark}/7");
        service.App.Logger.LogWarning("said {Mark}", _mark);

        foreach (var (path, text) in new[] { ("/v1/traces", "http.route"), ("/v1/metrics", "http.server.request.duration"), ("/v1/logs", $"said {_mark}") })
        {
            var export = (await receiver.UntilAsync(path, text))[^1];
            export.Body.ShouldContain($"one-of-{_mark}");
            // A field of four bytes within one of six: the value of the attribute.
            export.Body.ShouldContain("service.name\u0012\u0006\n\u0004sync");
        }
    }

    [Fact]
    public async Task Scopes_go_out_with_their_log()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await StartAsync(Exporting(receiver, "http/protobuf"));

        using (service.App.Logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["batch"] = $"scope-{_mark}" }))
        {
            service.App.Logger.LogWarning("said {Mark}", _mark);
        }

        (await receiver.UntilAsync("/v1/logs", $"said {_mark}"))[^1].Body.ShouldContain($"scope-{_mark}");
    }

    [Fact]
    public async Task What_is_left_is_exported_when_the_process_ends()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Exporting(receiver, "http/protobuf");
        settings["OTEL_BSP_SCHEDULE_DELAY"] = settings["OTEL_BLRP_SCHEDULE_DELAY"] = "3600000";

        // The last export has a second, which a machine that is busy with other tests may not find. It does
        // not miss it every time.
        for (var attempt = 0; attempt < 5 && !IsThere(); attempt++)
        {
            await using var service = await StartAsync(settings);
            await service.Client.GetAsync($"/{_mark}/7");
            service.App.Logger.LogWarning("said {Mark}", _mark);
            await service.App.StopAsync();
        }

        IsThere().ShouldBeTrue();

        bool IsThere() => receiver.Has("/v1/traces", _mark) && receiver.Has("/v1/logs", $"said {_mark}");
    }

    [Fact]
    public async Task Services_of_one_process_leave_traces_to_its_host()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        var settings = Exporting(receiver, "http/protobuf");
        settings[TelemetryHost.OwnedByProcessSetting] = "true";
        await using var service = await StartAsync(settings);
        service.App.Services.GetService<TracerProvider>().ShouldBeNull();

        using var host = TelemetryHost.Start(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), $"host-of-{_mark}");
        await service.Client.GetAsync($"/{_mark}/7");
        var exports = await receiver.UntilAsync("/v1/traces", $"GET /{_mark}/{{id}}");

        exports.Where(export => export.Path == "/v1/traces").ShouldAllBe(export => export.Body.Contains($"host-of-{_mark}", StringComparison.Ordinal));
        exports[^1].Body.ShouldContain("orders-test");
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT")]
    [InlineData("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT")]
    public async Task A_malformed_otel_setting_stops_the_start(string name)
    {
        var (app, _) = TestService.Build(settings: new Dictionary<string, string?> { [name] = "collector" });
        await using var built = app;

        (await Should.ThrowAsync<SettingsException>(() => app.StartAsync())).Setting.ShouldBe(name);
    }

    private Task<TestService> StartAsync(Dictionary<string, string?> settings, Action<WebApplication>? map = null) =>
        TestService.StartAsync(settings: settings, map: map ?? (app => app.MapGet($"/{_mark}/{{id}}", (string id) => id).AllowAnonymous()));

    private static Dictionary<string, string?> Exporting(OtlpReceiver receiver, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "X-Team=blue",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
    };
}

using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Orders.Domain;
using Orders.ServiceDefaults.Telemetry;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

public sealed class ProjectionTraceTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private const string OneOrder = "project order";
    private const string Batch = "process orders";

    private OtlpReceiver _receiver = null!;
    private TelemetryHost _telemetry = null!;
    private ProjectionFixture.Parts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await OtlpReceiver.StartAsync();
        _telemetry = TelemetryHost.Start(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = $"{_receiver.Address}/v1/traces",
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
            }).Build(),
            "orders-sync");
        _parts = fixture.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        _telemetry.Dispose();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_order_alone_is_the_batch_and_continues_its_request()
    {
        var order = Traced(out var request);

        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(order));

        var trace = await TraceAsync(request, OneOrder);
        var span = trace.Single(span => span.Name == OneOrder);
        span.ParentId.ShouldBe(request.SpanId.ToHexString());
        span.Tags["orders.order_id"].ShouldBe($"{order.OrderId}");
        trace.ShouldContain(statement => statement.Source == ExportedSpan.Npgsql && statement.ParentId == span.SpanId);
        trace.ShouldNotContain(other => other.Name == Batch);
    }

    [Fact]
    public async Task A_batch_of_several_traces_links_to_each_and_each_order_links_to_the_batch()
    {
        var (first, second) = (Traced(out var requestOfFirst), Traced(out var requestOfSecond));

        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(first), StreamRecords.Insert(second), StreamRecords.Insert(SampleOrders.Placed()));

        var ofFirst = (await TraceAsync(requestOfFirst, OneOrder)).ShouldHaveSingleItem();
        var ofSecond = (await TraceAsync(requestOfSecond, OneOrder)).ShouldHaveSingleItem();
        ofFirst.ParentId.ShouldBe(requestOfFirst.SpanId.ToHexString());
        var link = ofFirst.Links.ShouldHaveSingleItem();
        ofSecond.Links.ShouldBe([link]);
        var trace = await _receiver.TraceAsync(link.TraceId, spans => spans.Exists(span => span.Name == Batch));
        var batch = trace.Single(span => span.Name == Batch);
        batch.SpanId.ShouldBe(link.SpanId);
        batch.ParentId.ShouldBeNull();
        batch.Links.ShouldBe([Ids(requestOfFirst), Ids(requestOfSecond)], ignoreOrder: true);
        batch.Tags["messaging.batch.message_count"].ShouldBe("3");
        trace.ShouldContain(statement => statement.Source == ExportedSpan.Npgsql && statement.ParentId == batch.SpanId);
    }

    [Fact]
    public async Task A_batch_of_one_trace_is_its_child()
    {
        var first = Traced(out var request);
        var second = SampleOrders.Placed() with { TraceParent = first.TraceParent };

        await _parts.ApplyAsync(await fixture.LeaseAsync(), StreamRecords.Insert(first), StreamRecords.Insert(second));

        var trace = await TraceAsync(request, Batch);
        var batch = trace.Single(span => span.Name == Batch);
        batch.ParentId.ShouldBe(request.SpanId.ToHexString());
        trace.ShouldContain(statement => statement.Source == ExportedSpan.Npgsql && statement.ParentId == batch.SpanId);
        trace.Count(span => span.Name == OneOrder && span.ParentId == request.SpanId.ToHexString()).ShouldBe(2);
    }

    [Fact]
    public async Task A_batch_that_is_refused_is_an_error_in_the_trace()
    {
        var order = Traced(out var request);
        var lease = await fixture.LeaseAsync();

        await Should.ThrowAsync<Exception>(() => _parts.ApplyAsync(lease with { FencingToken = lease.FencingToken - 1 }, StreamRecords.Insert(order)));

        var span = (await TraceAsync(request, OneOrder)).Single(span => span.Name == OneOrder);
        span.IsError.ShouldBeTrue();
        span.Tags["error.type"].ShouldContain("LeaseLost");
    }

    private static Order Traced(out ActivityContext request)
    {
        request = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        return SampleOrders.Placed() with { TraceParent = $"00-{request.TraceId}-{request.SpanId}-01" };
    }

    private static (string TraceId, string SpanId) Ids(ActivityContext context) => (context.TraceId.ToHexString(), context.SpanId.ToHexString());

    private Task<List<ExportedSpan>> TraceAsync(ActivityContext request, string name) =>
        _receiver.TraceAsync(request.TraceId.ToHexString(), spans => spans.Exists(span => span.Name == name));
}

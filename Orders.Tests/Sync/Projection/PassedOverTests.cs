using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using DynamoStreams.Api;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Domain;
using Orders.Sync.Projection;
using Orders.Sync.Status;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// What is passed over is told: by cause in the status and as a metric, by its order's id in the log.
/// </summary>
public sealed class PassedOverTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private readonly RecordedLogs _logs = new();
    private readonly ConcurrentBag<(long Changes, object? Cause)> _measured = [];
    private readonly MeterListener _listener = new();
    private readonly Order _one = SampleOrders.Placed();
    private ProjectionFixture.Parts _parts = null!;

    public async ValueTask InitializeAsync()
    {
        _parts = fixture.Build();
        _parts.App.Services.GetRequiredService<ILoggerFactory>().AddProvider(_logs);
        await fixture.ExecuteAsync("TRUNCATE sync.passed_over, sync.doubtful_orders");
        _listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "orders.sync.passed_over")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, changes, tags, _) => _measured.Add((changes, tags[0].Value)));
        _listener.Start();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _logs.Dispose();
        await _parts.DisposeAsync();
    }

    [Fact]
    public async Task A_record_from_before_what_is_here()
    {
        var late = StreamRecords.Insert(_one);
        await ApplyAsync([StreamRecords.Modify(_one, _one.Next(OrderStatus.Paid))]);

        await IsToldAsync(RefusedOrders.EarlierPlace, inDoubt: true, late);
    }

    [Fact]
    public async Task A_change_below_a_tombstone()
    {
        var insert = StreamRecords.Insert(_one);
        var late = StreamRecords.Modify(_one, _one.Next(OrderStatus.Paid));
        await ApplyAsync([insert, StreamRecords.Remove(_one)]);

        await IsToldAsync(RefusedOrders.BelowTombstone, inDoubt: true, late);
    }

    [Fact]
    public async Task A_deletion_of_what_was_deleted_later_is_not_in_doubt()
    {
        var (insert, late) = (StreamRecords.Insert(_one), StreamRecords.Remove(_one));
        await ApplyAsync([insert, StreamRecords.Remove(_one)]);

        await IsToldAsync(RefusedOrders.BelowTombstone, inDoubt: false, late);
    }

    [Theory]
    [InlineData(4, 2, RefusedOrders.VersionNotHigher)]
    [InlineData(4, 4, RefusedOrders.VersionNotHigher)]
    [InlineData(1, 5, RefusedOrders.OtherOrigin)]
    public async Task A_change_that_does_not_come_from_what_a_look_at_the_table_has_found(long found, long version, string cause)
    {
        await ApplyAsync([StreamRecords.Insert(_one with { Version = found })]);
        await fixture.ExecuteAsync("UPDATE orders SET place = NULL WHERE order_id = @OrderId", _one);
        var after = _one with { Version = version, UpdatedAt = _one.UpdatedAt.AddMinutes(7), Status = OrderStatus.Paid };

        await IsToldAsync(cause, inDoubt: true, StreamRecords.Modify(_one with { Version = 3, UpdatedAt = _one.UpdatedAt.AddMinutes(5) }, after));
    }

    [Fact]
    public async Task Another_state_of_the_very_same_place()
    {
        var insert = StreamRecords.Insert(_one);
        await ApplyAsync([insert]);

        await IsToldAsync(RefusedOrders.SamePlace, inDoubt: true, StreamRecords.Insert(_one with { Version = 3 }) with { SequenceNumber = insert.SequenceNumber });
    }

    [Fact]
    public async Task A_batch_in_another_order_than_that_of_its_places()
    {
        var (first, second) = (StreamRecords.Insert(_one), StreamRecords.Modify(_one, _one.Next(OrderStatus.Paid)));

        await IsToldAsync(RefusedOrders.OutOfOrder, inDoubt: true, second, first);
    }

    [Fact]
    public async Task The_very_same_record_once_more_is_nothing_to_tell()
    {
        StreamRecord[] records = [StreamRecords.Insert(_one), StreamRecords.Modify(_one, _one with { Amount = 7m })];
        await ApplyAsync(records);
        await ApplyAsync(records);

        (await CountsAsync()).ShouldBeEmpty();
    }

    private async Task IsToldAsync(string cause, bool inDoubt, params StreamRecord[] records)
    {
        (await CountsAsync()).ShouldBeEmpty();

        await ApplyAsync(records);

        var told = (await CountsAsync()).ShouldHaveSingleItem();
        (told.Cause, told.Changes, told.LastOrderId).ShouldBe((cause, 1, _one.OrderId));
        _measured.ShouldContain((1, cause));
        _logs.All.ShouldContain(line => line.Contains(cause, StringComparison.Ordinal) && line.Contains($"{_one.OrderId}", StringComparison.Ordinal));
        (await fixture.ScalarAsync<int>("SELECT count(*) FROM sync.doubtful_orders WHERE order_id = @OrderId", _one)).ShouldBe(inDoubt ? 1 : 0);
    }

    private async Task<IReadOnlyList<SyncStatus.PassedOverCount>> CountsAsync() =>
        (await _parts.App.Services.GetRequiredService<StatusReader>().ReadAsync(CancellationToken.None)).PassedOver;

    private async Task ApplyAsync(StreamRecord[] records) => await _parts.ApplyAsync(await fixture.LeaseAsync(), records);
}

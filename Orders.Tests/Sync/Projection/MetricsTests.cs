using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Amazon.DynamoDBv2;
using Orders.Domain.Item;
using Orders.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// What a dashboard is fed with, from a service that runs. Services of other tests measure in this process
/// too: the figures here are of this test alone.
/// </summary>
public sealed class MetricsTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    private static readonly (string Name, Func<double, bool> Fits)[] Expected =
    [
        ("orders.sync.records", value => value >= 1),
        ("orders.sync.batch.size", value => value >= 1),
        ("orders.sync.apply.duration", value => value > 0),
        ("orders.sync.lag", value => value > 0),
        ("orders.sync.dead_letters", value => value >= 1),
        ("orders.sync.gaps.open", value => value == Gaps),
        ("orders.sync.cache_repairs.open", value => value == Repairs),
        ("orders.sync.dead_letters.open", value => value is Failed or Failed + 1),
        ("orders.sync.dead_letters.waiting", value => value == Waiting),
        ("orders.sync.leases", value => value >= 1),
        ("orders.sync.polls", value => value >= 1),
        ("orders.sync.polls.idle", value => value >= 1),
        ("orders.sync.stalled", value => value >= 0),
    ];

    private const int Gaps = 1007;
    private const int Repairs = 1005;
    private const int Failed = 1003;
    private const int Waiting = 1002;

    private readonly ConcurrentDictionary<(string Name, double Value), bool> _measured = new();

    [Fact]
    public async Task Records_batches_times_dead_letters_gaps_repairs_and_leases_are_measured()
    {
        using var listener = Listen();
        await FillAsync();
        var settings = fixture.Stores.Settings;
        settings["urls"] = "http://127.0.0.1:0";
        settings["Sync:Snapshot:Automatic"] = "false";
        settings["ConnectionStrings:redis"] = null;
        await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();

        try
        {
            await Eventually.HoldsAsync(() => Task.FromResult(!Missing().Any()));
        }
        catch (ShouldAssertException late)
        {
            throw new ShouldAssertException($"not measured: {string.Join(", ", Missing())}", late);
        }

        await app.StopAsync();

        IEnumerable<string> Missing()
        {
            listener.RecordObservableInstruments();
            return Expected.Where(expected => !_measured.Keys.Any(measured => measured.Name == expected.Name && expected.Fits(measured.Value))).Select(expected => expected.Name);
        }
    }

    private async Task FillAsync()
    {
        await fixture.ExecuteAsync(
            $"""
            INSERT INTO sync.gaps (stream_arn, shard_id, reason) SELECT 'arn', 'shard', 'trimmed' FROM generate_series(1, {Gaps});
            INSERT INTO sync.cache_repairs (repair_id, order_ids) SELECT gen_random_uuid(), ARRAY[]::uuid[] FROM generate_series(1, {Repairs});
            INSERT INTO sync.dead_letters (stream_arn, shard_id, sequence_number, event_id, item_key, record, error, attempts)
            SELECT 'arn', 'shard', i, i, 'item', '', CASE WHEN i <= {Failed} THEN 'refused' END, 1 FROM generate_series(1, {Failed + Waiting}) AS i;
            """);
        using var dynamo = StreamTable.Client(fixture.Stores);
        await StreamTable.CreateAsync(dynamo, fixture.Stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        var broken = OrderItem.From(SampleOrders.Placed());
        broken.Remove(OrderAttributes.Currency);
        await dynamo.PutItemAsync(fixture.Stores.Table, OrderItem.From(SampleOrders.Placed()));
        await dynamo.PutItemAsync(fixture.Stores.Table, broken);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name.StartsWith("orders.sync.", StringComparison.Ordinal))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _measured[(instrument.Name, value)] = true);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _measured[(instrument.Name, value)] = true);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => _measured[(instrument.Name, value)] = true);
        listener.Start();
        return listener;
    }
}

using System.Text.Json;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using Microsoft.Extensions.Logging;
using Orders.Domain.Cache;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Commands;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync.Snapshots;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

/// <summary>
/// What strangers wrote reaches a terminal as text, and never as something that the terminal obeys.
/// </summary>
public sealed class PlainTextTests(TableFixture fixture) : IClassFixture<TableFixture>, IAsyncLifetime
{
    // Clears the screen, and turns the direction of what follows.
    private const string Evil = "a\u001b[2Jb\u202ec";
    private const string Shown = @"a\u001b[2Jb\u202ec";

    private TableFixture.SyncParts _parts = null!;
    private ShardLease _lease = null!;

    public async ValueTask InitializeAsync()
    {
        await fixture.ResetAsync();
        _parts = fixture.Build();
        await _parts.RedisAsync();
        _lease = await fixture.LeaseAsync();
    }

    public ValueTask DisposeAsync() => _parts.DisposeAsync();

    [Theory]
    [InlineData("", "")]
    [InlineData("ORDER#Ä 茶 🍵 a\u0301", "ORDER#Ä 茶 🍵 a\u0301")]
    [InlineData("\uFFFD", "\uFFFD")]
    [InlineData("\u001b[2J", @"\u001b[2J")]
    [InlineData("\u009b2J", @"\u009b2J")]
    [InlineData("\0\a\b\t\r\n\u007f", @"\u0000\u0007\u0008\u0009\u000d\u000a\u007f")]
    [InlineData("a\u202eb\u2066c\u200b\u2028\u2029", @"a\u202eb\u2066c\u200b\u2028\u2029")]
    [InlineData("\U000e0041🍵", @"\udb40\udc41🍵")]
    public void Every_character_that_is_not_to_be_seen_is_its_escape(string text, string plain) => PlainText.Of(text).ShouldBe(plain);

    // No attribute holds half of a surrogate pair.
    [Fact]
    public void So_is_half_of_a_surrogate_pair() => PlainText.Of("a\ud83d-\udf75").ShouldBe(@"a\ud83d-\udf75");

    [Fact]
    public async Task Dead_letters_are_listed_and_refused_with_escapes()
    {
        await _parts.ApplyAsync(_lease, Foreign($"ORDER#{Evil}", Evil));

        var list = await RunAsync("dead-letters", "list");
        list.Out.ShouldContain($"pk=ORDER#{Shown}|sk=ORDER");
        ShouldBePlain(list.Out);
        var refused = await RunAsync("dead-letters", "discard", "--order", $"ORDER#{Evil}");
        refused.Error.ShouldContain($"'ORDER#{Shown}' is none.");
        ShouldBePlain(refused.Error);
        JsonDocument.Parse((await RunAsync("dead-letters", "list", "--json")).Out).RootElement.GetProperty("dead_letters")[0].GetProperty("item_key").GetString().ShouldBe($"pk=ORDER#{Evil}|sk=ORDER");
    }

    [Fact]
    public async Task So_are_errors_that_quote_what_an_item_holds()
    {
        var order = SampleOrders.Placed();
        await _parts.ApplyAsync(_lease, Foreign(OrderItem.PartitionKey(order.OrderId), Evil));

        var list = await RunAsync("dead-letters", "list");
        list.Out.ShouldContain($"is '{Shown}'");
        ShouldBePlain(list.Out);
    }

    [Fact]
    public async Task What_a_reconciliation_finds_is_told_with_escapes()
    {
        var order = SampleOrders.Placed();
        await fixture.PutAsync(order);
        await _parts.ApplyAsync(_lease, StreamRecords.Insert(order));
        await fixture.ExecuteAsync("UPDATE orders SET customer_id = @Evil", new { Evil = Evil + "\nTotals: fine" });
        if (fixture.Stores.Redis is not null)
        {
            await fixture.Redis.HashSetAsync(fixture.Keys.Order(order.OrderId), OrderCache.MerchantField, Evil);
        }

        var run = await RunAsync("reconcile");
        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain($@"nothing expected, {Shown}\u000aTotals: fine found");
        run.Out.Split('\n').Count(line => line.Contains(Shown)).ShouldBe(fixture.Stores.Redis is null ? 1 : 2);
        ShouldBePlain(run.Out);
    }

    [Fact]
    public async Task So_are_owners_of_shards_and_instances()
    {
        await fixture.ExecuteAsync("UPDATE sync.shards SET owner = @Evil", new { Evil });
        await fixture.ExecuteAsync("INSERT INTO sync.instances (table_name, owner, alive_until) VALUES (@Table, @Evil, now() + interval '1 hour')", new { fixture.Stores.Table, Evil });

        var run = await RunAsync("status");
        run.Out.ShouldContain($"instances: {Shown}");
        run.Out.Split('\n').Count(line => line.Contains(Shown)).ShouldBe(2);
        ShouldBePlain(run.Out);
    }

    [Fact]
    public async Task And_what_stops_a_command()
    {
        await fixture.ExecuteAsync("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION E'a\\x1b[2Jb'; END $$");
        await fixture.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON sync.snapshots EXECUTE FUNCTION refuse()");
        try
        {
            var run = await RunAsync("snapshot");
            run.Error.ShouldContain(@"a\u001b[2Jb");
            ShouldBePlain(run.Error);
        }
        finally
        {
            await fixture.ExecuteAsync("DROP FUNCTION refuse() CASCADE");
        }
    }

    [Fact]
    public async Task And_what_a_snapshot_logs_of_a_broken_item()
    {
        using var logs = new RecordedLogs();
        _parts.Get<ILoggerFactory>().AddProvider(logs);
        var item = OrderItem.From(SampleOrders.Placed());
        item[OrderAttributes.Status] = new() { S = Evil };
        item[OrderAttributes.Pk] = new() { S = $"ORDER#{Evil}" };
        await fixture.PutAsync(item);

        (await _parts.RunAsync()).Broken.ShouldBe(1);

        var line = logs.All.Where(entry => entry.Contains("cannot be projected")).ShouldHaveSingleItem();
        line.ShouldContain($"ORDER#{Shown}");
        line.ShouldContain($"is '{Shown}'");
        ShouldBePlain(line);
    }

    private static void ShouldBePlain(string output) => output.Where(c => char.IsControl(c) && c is not ('\n' or '\r') || c == '\u202e').ShouldBeEmpty();

    /// <summary>An insert by another writer, with a status that there is none of.</summary>
    private static StreamRecord Foreign(string key, string status) => StreamRecords.Raw(
        StreamEvent.Insert, key, JsonSerializer.Serialize(new { entity = new { S = "order" }, status = new { S = status } }));

    private Task<CommandLineRun> RunAsync(params string[] arguments) => CommandLineRun.Async(fixture.Stores.Settings, "", arguments);
}

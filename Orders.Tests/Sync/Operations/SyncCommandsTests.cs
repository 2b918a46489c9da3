using System.Text.Json;
using DynamoStreams.Api;
using DynamoStreams.Leases;
using Orders.Domain;
using Orders.ServiceDefaults.Commands;
using Orders.Tests.Sync.DeadLetters;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

public sealed class SyncCommandsTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>, IAsyncLifetime
{
    private DeadLetterBench _bench = null!;
    private ShardLease _lease = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = DeadLetterBench.Create(fixture);
        _lease = await fixture.LeaseAsync();
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(false, "--urls", "http://localhost:1")]
    [InlineData(false, "new-key", "ops")]
    [InlineData(true, "status")]
    [InlineData(true, "--help")]
    [InlineData(true, "stauts")]
    public void Without_a_command_the_service_runs(bool command, params string[] arguments) => CommandRunner.Asked(arguments).ShouldBe(command);

    [Theory]
    [InlineData("stauts")]
    [InlineData("status", "--no-such-option")]
    [InlineData("dead-letters")]
    [InlineData("dead-letters", "discard")]
    [InlineData("dead-letters", "discard", "--id", "1", "--order", "0199f6a0-0000-7000-8000-000000000000")]
    [InlineData("dead-letters", "redrive", "--order", "no-uuid")]
    [InlineData("dead-letters", "list", "--limit", "0")]
    public async Task Wrong_usage_exits_with_2_and_says_so(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldNotBeNullOrWhiteSpace();
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var run = await RunAsync("--help");
        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("status");
        (await RunAsync("dead-letters", "--help")).Out.ShouldContain("redrive");
    }

    [Fact]
    public async Task Status_tells_shards_and_dead_letters_as_text_and_as_json()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));

        var text = await RunAsync("status");
        text.ExitCode.ShouldBe(0);
        text.Out.ShouldContain(_lease.ShardId);
        var json = JsonDocument.Parse((await RunAsync("status", "--json")).Out).RootElement;
        var shard = json.GetProperty("shards").EnumerateArray().Single(s => s.GetProperty("shard_id").GetString() == _lease.ShardId);
        shard.GetProperty("leased").GetBoolean().ShouldBeTrue();
        shard.GetProperty("applied_at").GetString()!.ShouldEndWith("Z");
        json.GetProperty("dead_letters").GetProperty("waiting").GetInt64().ShouldBeGreaterThan(0);
        json.GetProperty("gaps").GetProperty("open").GetInt64().ShouldBe(0);
        json.GetProperty("doubts").GetProperty("orders").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Dead_letters_are_listed_discarded_after_a_question_and_redriven()
    {
        var bad = SampleOrders.Placed();
        await _bench.ApplyAsync(_lease, DeadLetterBench.Broken(bad), StreamRecords.Modify(bad, bad.Next(OrderStatus.Paid)));
        var order = bad.OrderId.ToString();

        var listed = JsonDocument.Parse((await RunAsync("dead-letters", "list", "--order", order, "--json")).Out).RootElement.GetProperty("dead_letters").EnumerateArray().ToArray();
        listed.Select(letter => letter.GetProperty("state").GetString()).ShouldBe(["failed", "waiting"]);
        (await RunAsync("dead-letters", "list", "--order", order)).Out.ShouldContain("currency: is missing");
        var first = listed[0].GetProperty("id").GetInt64().ToString();

        (await RunAsync("dead-letters", "redrive", "--order", order)).ShouldBe(new CommandLineRun(1, $"0 applied, 1 failed again, 2 dead letters left.{Environment.NewLine}", ""));
        (await AnswerAsync("n", "dead-letters", "discard", "--id", first)).ExitCode.ShouldBe(1);
        (await _bench.OfAsync(bad)).Count.ShouldBe(2, "no is no");
        (await AnswerAsync("", "dead-letters", "discard", "--id", first)).ExitCode.ShouldBe(1);
        (await _bench.OfAsync(bad)).Count.ShouldBe(2, "a script that pipes nothing in has not agreed");
        (await AnswerAsync("yes", "dead-letters", "discard", "--id", first)).ExitCode.ShouldBe(0);
        (await RunAsync("dead-letters", "redrive", "--order", order, "--json")).Out.ShouldContain("\"applied\": 1");
        (await _bench.OfAsync(bad)).ShouldBeEmpty();
        (await RunAsync("dead-letters", "discard", "--id", first, "--yes")).ExitCode.ShouldBe(1, "there is none any more");
    }

    [Theory]
    [InlineData("abc1", "abc1", "ORDER", "list")]
    [InlineData("abc2", "ORDER#abc2", "ORDER", "redrive")]
    [InlineData("abc3", "ORDER#abc3", "NOTE", "discard")]
    public async Task A_dead_letter_whose_key_has_no_order_id_is_named_to_whoever_asks_by_that_key(string id, string asked, string sortKey, string command)
    {
        await _bench.ApplyAsync(_lease, StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{id}", """{"entity":{"S":"order"}}"""), StreamRecords.Raw(StreamEvent.Insert, $"ORDER#{id}d", """{"entity":{"S":"order"}}"""));
        await fixture.ExecuteAsync("UPDATE sync.dead_letters SET item_key = replace(item_key, '|sk=ORDER', @SortKey) WHERE item_key LIKE @Key", new { SortKey = $"|sk={sortKey}", Key = $"%#{id}|%" });
        var letter = await fixture.ScalarAsync<long>("SELECT dead_letter_id FROM sync.dead_letters WHERE item_key LIKE @Key", new { Key = $"%#{id}|%" });

        var run = await RunAsync("dead-letters", command, "--order", asked);
        run.ShouldBe(new CommandLineRun(2, "", $"--order takes the id of an order, a UUID; '{asked}' is none. The dead letter of the item with this key is named by --id: {letter}.{Environment.NewLine}"));
        (await RunAsync("dead-letters", "discard", "--id", $"{letter}", "--yes")).ExitCode.ShouldBe(0);
        (await RunAsync("dead-letters", command, "--order", asked)).Error.ShouldEndWith($"No dead letter is of an item with such a key.{Environment.NewLine}");
    }

    [Fact]
    public async Task A_database_that_is_away_or_has_no_tables_yet_is_told_in_one_line()
    {
        var settings = fixture.Stores.Settings;
        settings["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1;Username=x;Database=x";
        var away = await CommandLineRun.Async(settings, "", "status");
        away.ExitCode.ShouldBe(1);
        away.Error.TrimEnd().ShouldStartWith("Postgres does not answer (");
        away.Error.TrimEnd().ShouldNotContain('\n');

        settings["ConnectionStrings:orders"] = new Npgsql.NpgsqlConnectionStringBuilder(fixture.Stores.Postgres) { Database = "postgres" }.ConnectionString;
        var empty = await CommandLineRun.Async(settings, "", "dead-letters", "list");
        empty.ExitCode.ShouldBe(1);
        empty.Error.TrimEnd().ShouldEndWith("Start Orders.Sync of this version once: it makes them.");
    }

    private Task<CommandLineRun> RunAsync(params string[] arguments) => CommandLineRun.Async(fixture.Stores.Settings, "", arguments);

    private Task<CommandLineRun> AnswerAsync(string answer, params string[] arguments) => CommandLineRun.Async(fixture.Stores.Settings, answer, arguments);
}

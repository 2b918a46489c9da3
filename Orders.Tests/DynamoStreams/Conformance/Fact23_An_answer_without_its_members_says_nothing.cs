using System.Diagnostics;
using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using DynamoStreams.Api;
using Orders.Tests.Api.Store;
using Orders.Tests.DynamoStreams.Scripted;
using Orders.Tests.Engines;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>The real engine behind a wire that answers nonsense for a while.</summary>
public sealed class Fact23_An_answer_without_its_members_says_nothing(ConsumerBench bench, TestEngines engines) : StreamConformance(bench)
{
    /// <summary>
    /// How long each time: <c>ORDERS_LIES_SECONDS</c> seconds. 10 show the same as 1.5, more slowly.
    /// </summary>
    private static readonly TimeSpan For = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("ORDERS_LIES_SECONDS") ?? "1.5", CultureInfo.InvariantCulture));

    private static readonly string[] AllOperations = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"];

    private static readonly Func<DynamoAnswer, DynamoAnswer>[] Nonsense =
    [
        _ => DynamoAnswer.Ok("{}"),
        _ => DynamoAnswer.Ok("[]"),
        _ => DynamoAnswer.Ok("null"),
        _ => DynamoAnswer.Ok("""{"NextShardIterator":"next","LastEvaluatedShardId":"last"}"""),
        _ => DynamoAnswer.Ok("""{"Records":{},"ShardIterator":7,"Streams":"none","StreamDescription":[]}"""),
        _ => DynamoAnswer.Ok("<html><body>It works!</body></html>"),
        _ => new DynamoAnswer(404, "<html><body>Not Found</body></html>"),
        _ => new DynamoAnswer(400, "{}"),
        answer => DynamoAnswer.Ok(answer.Body[..(answer.Body.Length / 2)]),
    ];

    // Whole answers, and not true: the engine ends its open shards in every description, so that nothing but
    // a child would prove them.
    private static readonly Func<DynamoAnswer, DynamoAnswer>[] FalseEnd = [_ => DynamoAnswer.Ok("""{"Records":[]}""")];

    [Theory]
    [InlineData("ListStreams")]
    [InlineData("DescribeStream")]
    [InlineData("GetShardIterator")]
    [InlineData("GetRecords")]
    [InlineData("all of them")]
    public async Task Afterwards_everything_is_applied_once_and_nothing_was_concluded(string operation) =>
        await SpoilAsync(operation == "all of them" ? AllOperations : [operation], Nonsense);

    [Fact]
    public async Task Nor_from_whole_answers_that_end_an_open_shard() => await SpoilAsync(["GetRecords"], FalseEnd);

    private async Task SpoilAsync(string[] operations, Func<DynamoAnswer, DynamoAnswer>[] lies)
    {
        var stores = await engines.CreateStoresAsync();
        using var dynamo = new AmazonDynamoDBClient(new BasicAWSCredentials("local", "local"), new AmazonDynamoDBConfig { ServiceURL = stores.DynamoDb, AuthenticationRegion = "us-east-1" });
        await StreamTable.CreateAsync(dynamo, stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        await using var faulty = await FaultyDynamo.StartAsync(stores.DynamoDb);
        var calls = 0;
        var isSpoilt = true;
        faulty.After = (call, answer) => isSpoilt && operations.Contains(call.Operation) ? lies[Interlocked.Increment(ref calls) % lies.Length](answer) : answer;
        using var api = new StreamsClient(new Uri(faulty.Address), "us-east-1", new BasicAWSCredentials("local", "local"), TimeProvider.System);
        await using var consumer = Bench.Start(api, Bench.Handler(), ConsumerBench.Options(stores.Table));

        // From the start, and again in the middle.
        var written = await WriteAsync(dynamo, stores.Table, from: 0);
        isSpoilt = false;
        await RecoveredAsync(written);
        calls.ShouldBeGreaterThan(0);
        isSpoilt = true;
        written = await WriteAsync(dynamo, stores.Table, written);
        isSpoilt = false;
        await RecoveredAsync(written);

        (await Bench.NotedAsync()).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, written).Select(i => $"item-{i}").Order(StringComparer.Ordinal));
        (await GapsAsync()).ShouldBe(0);
        (await Bench.ScalarAsync<int>("SELECT count(*) FROM sync.shards WHERE finished_at IS NOT NULL OR fencing_token > 1")).ShouldBe(0);
    }

    // Printed, not judged.
    private async Task RecoveredAsync(int written)
    {
        var started = Stopwatch.GetTimestamp();
        await Bench.NotedAsync(written);
        TestContext.Current.TestOutputHelper?.WriteLine($"after {For.TotalSeconds} s of it, everything was applied within {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private static async Task<int> WriteAsync(AmazonDynamoDBClient dynamo, string table, int from)
    {
        var next = from;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < For;)
        {
            await dynamo.PutItemAsync(new PutItemRequest(table, new() { ["pk"] = new($"item-{next++}"), ["sk"] = new("x") }));
            await Task.Delay(20, CancellationToken.None);
        }

        return next;
    }
}

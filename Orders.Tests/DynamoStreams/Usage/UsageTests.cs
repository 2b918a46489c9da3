using System.Text;
using DynamoStreams;
using DynamoStreams.Postgres;
using DynamoStreams.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Tests.DynamoStreams.Scripted;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Usage;

public sealed class UsageTests(ConsumerBench bench) : IClassFixture<ConsumerBench>
{
    [Fact]
    public async Task The_sample_of_the_readme_consumes_another_table()
    {
        var streams = new ScriptedStreams("payments");
        streams.Write(streams.AddShard("shard-1"), Payment("1", "p-1", 1, "1.10"), Payment("2", "p-1", 2, "2.20"), Payment("3", "p-2", 1, "0.05"));
        await bench.ExecuteAsync("CREATE TABLE payments (id text PRIMARY KEY, version bigint NOT NULL, amount numeric NOT NULL)");

        using var stop = new CancellationTokenSource();
        using var consumer = new StreamConsumer(
            streams,
            new PostgresLeaseStore(bench.Database),
            new Totals(bench.Database),
            new StreamConsumerOptions { TableName = "payments" },
            TimeProvider.System,
            NullLogger<StreamConsumer>.Instance);
        var running = consumer.RunAsync(stop.Token);
        await bench.HoldsAsync("SELECT count(*) = 2 FROM payments");
        await stop.CancelAsync();
        await running;

        (await bench.ScalarAsync<decimal>("SELECT sum(amount) FROM payments")).ShouldBe(2.25m);
    }

    [Fact]
    public async Task The_readme_shows_the_sample_as_it_is()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Orders.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        var sample = await File.ReadAllTextAsync(Path.Combine(root, "Orders.Tests", "DynamoStreams", "Usage", "Totals.cs"));
        var readme = await File.ReadAllTextAsync(Path.Combine(root, "DynamoStreams", "README.md"));
        var start = sample.IndexOf("public sealed class Totals", StringComparison.Ordinal);
        var end = sample.IndexOf("    private static async Task CommitAsync", StringComparison.Ordinal);

        readme.ShouldContain(sample[start..end].TrimEnd());
    }

    private static global::DynamoStreams.Api.StreamRecord Payment(string sequence, string id, long version, string amount) => ScriptedStreams.Record(sequence, id) with
    {
        NewImage = Encoding.UTF8.GetBytes($$$"""{"pk":{"S":"{{{id}}}"},"version":{"N":"{{{version}}}"},"amount":{"N":"{{{amount}}}"}}"""),
    };
}

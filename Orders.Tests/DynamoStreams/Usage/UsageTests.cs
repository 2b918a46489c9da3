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
    public async Task The_handler_of_the_readme_consumes_another_table_each_change_once()
    {
        var streams = new ScriptedStreams("payments");
        streams.Write(streams.AddShard("shard-1"), Payment("1", "p-1", "EUR", "1.10"), Payment("2", "p-2", "EUR", "2.20"), Payment("3", "p-3", "INR", "0.05"));
        await bench.ExecuteAsync("CREATE TABLE totals (currency text PRIMARY KEY, payments bigint NOT NULL, amount numeric NOT NULL)");

        using var stop = new CancellationTokenSource();
        using var consumer = new StreamConsumer(
            streams,
            new PostgresLeaseStore(bench.Database),
            new Totals(bench.Database),
            new StreamConsumerOptions { TableName = "payments" },
            TimeProvider.System,
            NullLogger<StreamConsumer>.Instance);
        var running = consumer.RunAsync(stop.Token);
        await bench.HoldsAsync("SELECT sum(payments) = 3 FROM totals");
        await stop.CancelAsync();
        await running;

        (await bench.ScalarAsync<string>("SELECT string_agg(currency || ' ' || payments || ' ' || amount, ', ' ORDER BY currency) FROM totals")).ShouldBe("EUR 2 3.30, INR 1 0.05");
    }

    [Fact]
    public async Task The_readme_shows_the_samples_as_they_are()
    {
        var readme = await ReadAsync("DynamoStreams", "README.md");
        var program = await ReadAsync("samples", "Payments", "Program.cs");
        var declared = program[program.IndexOf("await using var database", StringComparison.Ordinal)..program.IndexOf("void Stop", StringComparison.Ordinal)].TrimEnd();
        var sample = $"{declared}\n\n{program[program.IndexOf("public sealed record Payment", StringComparison.Ordinal)..].TrimEnd()}\n";
        var handler = await ReadAsync("Orders.Tests", "DynamoStreams", "Usage", "Totals.cs");

        readme.ShouldContain($"```csharp\n{sample}```");
        sample.Split('\n').Length.ShouldBeLessThanOrEqualTo(15);
        readme.ShouldContain(handler[handler.IndexOf("public sealed class Totals", StringComparison.Ordinal)..].TrimEnd());
    }

    private static Task<string> ReadAsync(params string[] path)
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Orders.sln")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        return File.ReadAllTextAsync(Path.Combine([root, .. path]));
    }

    private static global::DynamoStreams.Api.StreamRecord Payment(string sequence, string id, string currency, string amount) => ScriptedStreams.Record(sequence, id) with
    {
        NewImage = Encoding.UTF8.GetBytes($$$"""{"pk":{"S":"{{{id}}}"},"currency":{"S":"{{{currency}}}"},"amount":{"N":"{{{amount}}}"}}"""),
    };
}

using System.Diagnostics;
using Amazon.DynamoDBv2;
using Orders.Bench.Http;

namespace Orders.Bench.Write;

/// <summary>The limit: puts through the SDK with no server before it, as many at a time as there are connections to the others.</summary>
internal static class SdkPuts
{
    private const int AtATime = 16;

    public static async Task<LoadResult> RunAsync(IAmazonDynamoDB dynamo, string table, TimeSpan duration, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var began = Stopwatch.GetTimestamp();
        var times = (await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(() => OneAsync(dynamo, table, began, duration, cancellationToken), cancellationToken))))
            .SelectMany(times => times).Order().ToArray();
        var took = Stopwatch.GetElapsedTime(began);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new(times.Length / took.TotalSeconds, times[times.Length / 2], times[(times.Length - 1) * 99 / 100], (double)allocated / times.Length);
    }

    private static async Task<List<double>> OneAsync(IAmazonDynamoDB dynamo, string table, long began, TimeSpan duration, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        while (Stopwatch.GetElapsedTime(began) < duration)
        {
            var sent = Stopwatch.GetTimestamp();
            await dynamo.PutItemAsync(BarePuts.Put(table, BenchOrders.NewId()), cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        }

        return times;
    }
}

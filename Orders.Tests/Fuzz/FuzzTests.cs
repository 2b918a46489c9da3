using System.Diagnostics;
using Orders.Bench.Measuring;
using Orders.Tests.GraphQL;
using Shouldly;
using Xunit;

namespace Orders.Tests.Fuzz;

/// <summary>Made-up requests to every route of every service, from what the services themselves publish:
/// their OpenAPI documents and the GraphQL schema. <c>ORDERS_FUZZ_REQUESTS=100000</c> is a full run; the
/// seed is printed, and the same one makes the same requests.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Parts = 10;

    // What caches and pools take until they are as large as they get.
    private const int MegabytesMore = 400;
    private const int FilesMore = 600;
    private const int ThreadsMore = 60;

    [Fact]
    public async Task Every_answer_is_as_documented_and_nothing_fails_hangs_or_grows()
    {
        Assert.SkipUnless(await GatewayHost.IsThereAsync(), "no Node on this machine");
        var settings = FuzzSettings.Read();
        Tell($"ORDERS_FUZZ_SEED={settings.Seed} ORDERS_FUZZ_REQUESTS={settings.Requests}");
        await using var target = await FuzzTarget.StartAsync();
        using var run = await FuzzRun.PrepareAsync(target, settings);
        var numbers = settings.Numbers.ToList();
        var watch = Stopwatch.StartNew();
        var footprints = new List<Footprint>();
        foreach (var part in numbers.Chunk(Math.Max(1, numbers.Count / Parts)))
        {
            await run.SendAsync(part);
            if (OperatingSystem.IsLinux())
            {
                footprints.Add(Footprint.OfTree(target.Id));
                Tell($"up to #{part[^1]} after {watch.Elapsed.TotalSeconds:0} s: {footprints[^1]}");
            }
        }

        Tell(run.Answers);
        run.Faults.Count.ShouldBe(0, $"seed {settings.Seed}: send one again with ORDERS_FUZZ_AT=<its number>\n{string.Join("\n", run.Faults)}");
        await target.WorksAsync();
        target.Said.ShouldNotContain("Unhandled exception");
        if (footprints.Count > 2)
        {
            var (early, last) = (footprints[footprints.Count / 3], footprints[^1]);
            last.Megabytes.ShouldBeLessThan(early.Megabytes + MegabytesMore);
            last.Files.ShouldBeLessThan(early.Files + FilesMore);
            last.Threads.ShouldBeLessThan(early.Threads + ThreadsMore);
        }
    }

    private void Tell(string line) => output.WriteLine(line);
}

using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// By the settings as they come: each kind of trouble within the time that docs/read-api.md names.
/// </summary>
public sealed class LongStreamTroubleTests(TestEngines engines)
{
    [Fact]
    public async Task Sixteen_seconds_without_the_right_to_read_the_stream_are_told_by_all()
    {
        await using var system = await TroubledSystem.StartAsync(engines);
        system.Trouble.Deny("GetRecords");
        var since = TimeProvider.System.GetUtcNow().AddSeconds(2);
        await UntilAsync(since);
        var order = await system.PutAsync();
        await UntilAsync(since.AddSeconds(14));

        var words = await system.WordsAsync();
        (await system.IsReadableAsync(order)).ShouldBeFalse();

        words.ShouldAllBe(word => !word.IsCurrent);
        words.ShouldAllBe(word => !(word.AsOf > since) && !(word.Seconds < 10));
    }

    // An iterator that works is good without the right to get another; a silence of half a minute is not
    // believed then. And shards that nobody lists may be there. The second takes more than a minute: with
    // ORDERS_TROUBLES=all.
    public static TheoryData<string, int> Seldom => StreamTroubleTests.IsFull ? new() { { "GetShardIterator", 32 }, { "DescribeStream", 62 } } : new() { { "GetShardIterator", 32 } };

    [Theory]
    [MemberData(nameof(Seldom))]
    public async Task What_is_needed_seldom_is_told_by_all_when_it_is_denied_for_longer(string operation, int seconds)
    {
        await using var system = await TroubledSystem.StartAsync(engines);
        system.Trouble.Deny(operation);
        var since = TimeProvider.System.GetUtcNow();

        await system.BehindAsync(since.AddSeconds(seconds), seconds: 10);

        system.Trouble.End();
        await system.CurrentAsync();
    }

    private static Task UntilAsync(DateTimeOffset time) => Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() >= time));
}

using DynamoStreams.Scheduling;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Scheduling;

public sealed class PollingPolicyTests
{
    private readonly PollingOptions _options = new();

    [Fact]
    public void Never_waits_while_records_come() => PollingPolicy.Wait(_options, records: 1, TimeSpan.FromHours(1)).ShouldBe(TimeSpan.Zero);

    [Fact]
    public void Is_quick_after_activity() => PollingPolicy.Wait(_options, records: 0, TimeSpan.FromMilliseconds(500)).ShouldBe(_options.Quick);

    [Fact]
    public void Asks_an_idle_shard_fewer_than_four_times_a_second() =>
        PollingPolicy.Wait(_options, records: 0, TimeSpan.FromMinutes(1)).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(250));

    [Fact]
    public void Slows_down_gradually()
    {
        var waits = Enumerable.Range(0, 30).Select(i => PollingPolicy.Wait(_options, 0, TimeSpan.FromMilliseconds(100 * i))).ToList();
        waits.ShouldBe(waits.Order());
    }

    [Fact]
    public void Backs_off_further_with_every_failure_within_a_bound()
    {
        PollingPolicy.Backoff(_options, 1, random: 1).ShouldBeLessThan(PollingPolicy.Backoff(_options, 3, random: 1));
        PollingPolicy.Backoff(_options, 1000, random: 1).ShouldBe(_options.FirstBackoff + _options.LongestBackoff);
    }

    [Fact]
    public void Does_not_retry_in_step_with_others() => PollingPolicy.Backoff(_options, 5, 0.1).ShouldNotBe(PollingPolicy.Backoff(_options, 5, 0.9));
}

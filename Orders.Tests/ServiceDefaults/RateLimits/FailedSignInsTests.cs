using System.Diagnostics;
using System.Net;
using Orders.ServiceDefaults.RateLimits;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class FailedSignInsTests
{
    private static readonly RateLimitSettings OneASecond = new(1, 1, FailedSignInsPerSecond: 1, FailedSignInBurst: 1);

    [Fact]
    public void No_guess_is_answered_on_a_part_of_a_permit()
    {
        using var failures = new FailedSignIns(OneASecond);
        var (guesses, clock) = (0, Stopwatch.StartNew());

        // Long enough for the bucket to fill in part, however long it takes.
        while (clock.Elapsed < TimeSpan.FromSeconds(0.5))
        {
            guesses += failures.TryCount(IPAddress.Loopback) ? 1 : 0;
        }

        guesses.ShouldBeInRange(1, 2 + (int)clock.Elapsed.TotalSeconds);
    }

    [Theory]
    [InlineData("127.0.0.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", false)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", true)]
    public void Failures_are_counted_by_site(string first, string second, bool isAnother)
    {
        using var failures = new FailedSignIns(OneASecond);

        failures.TryCount(IPAddress.Parse(first)).ShouldBeTrue();
        failures.TryCount(IPAddress.Parse(first)).ShouldBeFalse();

        failures.TryCount(IPAddress.Parse(second)).ShouldBe(isAnother);
    }

    [Fact]
    public void Failures_from_nowhere_are_counted()
    {
        using var failures = new FailedSignIns(OneASecond);

        failures.TryCount(null).ShouldBeTrue();
        failures.TryCount(null).ShouldBeFalse();
    }
}

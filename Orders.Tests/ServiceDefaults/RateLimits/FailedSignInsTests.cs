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
    public void No_guess_is_let_in_on_a_part_of_a_permit()
    {
        using var failures = new FailedSignIns(OneASecond);
        var (guesses, clock) = (0, Stopwatch.StartNew());

        // Long enough for the bucket to fill in part, however long it takes.
        while (clock.Elapsed < TimeSpan.FromSeconds(0.5))
        {
            if (failures.AreTooMany(IPAddress.Loopback))
            {
                continue;
            }

            guesses++;
            failures.Count(IPAddress.Loopback);
        }

        guesses.ShouldBeInRange(1, 2 + (int)clock.Elapsed.TotalSeconds);
    }

    [Fact]
    public void The_failures_of_one_address_do_not_lock_out_another()
    {
        using var failures = new FailedSignIns(OneASecond);

        failures.Count(IPAddress.Loopback);
        failures.Count(null);

        failures.AreTooMany(IPAddress.Parse("192.0.2.1")).ShouldBeFalse();
    }
}

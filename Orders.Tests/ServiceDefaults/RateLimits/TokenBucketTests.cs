using Orders.ServiceDefaults.RateLimits;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class TokenBucketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(5_000)]
    [InlineData(5_001)]
    public void A_bucket_fills_by_what_was_asked_for(int perSecond)
    {
        var options = TokenBucket.Options(perSecond, burst: 10);

        (options.TokensPerPeriod / options.ReplenishmentPeriod.TotalSeconds).ShouldBe(perSecond);
        options.TokenLimit.ShouldBe(10);
        options.QueueLimit.ShouldBe(0);
    }
}

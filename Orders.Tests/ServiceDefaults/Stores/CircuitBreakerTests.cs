using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class CircuitBreakerTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_closed_until_it_is_opened_and_again_after_a_break()
    {
        var breaker = new CircuitBreaker(Break, _time);

        breaker.IsOpen.ShouldBeFalse();
        breaker.Open();
        breaker.IsOpen.ShouldBeTrue();
        _time.Advance(Break - TimeSpan.FromTicks(1));
        breaker.IsOpen.ShouldBeTrue();
        _time.Advance(TimeSpan.FromTicks(1));
        breaker.IsOpen.ShouldBeFalse();
        breaker.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public void Another_call_without_an_answer_begins_another_break()
    {
        var breaker = new CircuitBreaker(Break, _time);
        breaker.Open();
        _time.Advance(Break / 2);

        breaker.Open();

        _time.Advance(Break / 2);
        breaker.IsOpen.ShouldBeTrue();
        _time.Advance(Break / 2);
        breaker.IsOpen.ShouldBeFalse();
    }
}

using Orders.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class CircuitBreakerTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public void Every_call_passes_while_it_is_closed_and_none_when_it_was_opened()
    {
        var breaker = new CircuitBreaker(Break, _time);

        Enter(breaker, calls: 3).ShouldBe([Passed, Passed, Passed]);
        breaker.Open();
        _time.Advance(Break - TimeSpan.FromTicks(1));
        Enter(breaker, calls: 2).ShouldBe([Refused, Refused]);
    }

    [Fact]
    public void One_call_is_let_through_as_a_trial_after_each_break()
    {
        var breaker = new CircuitBreaker(Break, _time);
        breaker.Open();

        for (var breaks = 0; breaks < 2; breaks++)
        {
            _time.Advance(Break);
            Enter(breaker, calls: 3).ShouldBe([Trial, Refused, Refused]);
        }
    }

    [Fact]
    public void A_trial_without_an_answer_begins_another_break_and_one_with_an_answer_closes_it()
    {
        var breaker = new CircuitBreaker(Break, _time);
        breaker.Open();
        _time.Advance(Break);
        Enter(breaker, calls: 1).ShouldBe([Trial]);
        _time.Advance(Break / 2);
        breaker.Open();
        _time.Advance(Break / 2);
        Enter(breaker, calls: 1).ShouldBe([Refused]);
        _time.Advance(Break / 2);
        Enter(breaker, calls: 1).ShouldBe([Trial]);

        breaker.Close();

        Enter(breaker, calls: 2).ShouldBe([Passed, Passed]);
    }

    private const string Passed = "passed";
    private const string Trial = "trial";
    private const string Refused = "refused";

    private static string[] Enter(CircuitBreaker breaker, int calls) =>
        [.. Enumerable.Range(0, calls).Select(_ => !breaker.TryEnter(out var isTrial) ? Refused : isTrial ? Trial : Passed)];
}

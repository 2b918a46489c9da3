using Orders.Query.Waiting;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class WaitersCheckTests
{
    [Fact]
    public void Looks_grow_rarer_up_to_one_a_second_and_a_newcomer_makes_them_frequent_again()
    {
        List<double> pauses = [];
        var pause = WaitersCheck.NextPause(TimeSpan.FromSeconds(1), newcomers: true);
        for (var look = 0; look < 4; look++, pause = WaitersCheck.NextPause(pause, newcomers: false))
        {
            pauses.Add(pause.TotalMilliseconds);
        }

        pauses.ShouldBe([250, 500, 1000, 1000]);
        WaitersCheck.NextPause(pause, newcomers: true).TotalMilliseconds.ShouldBe(250);
    }
}

using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class AnnouncedChangesTests
{
    private static readonly Guid OrderId = Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a");

    private readonly AnnouncedChanges _told = new();

    [Fact]
    public void What_was_told_of_and_not_shown_is_hidden_while_a_transaction_of_then_is_open()
    {
        _told.OnChange(OrderId, 1, DateTimeOffset.UnixEpoch);

        _told.AreHidden(_told.Last, new("f", Horizon: 5, Next: 9)).ShouldBeTrue();
        _told.AreHidden(_told.Last, new("f", Horizon: 8, Next: 20)).ShouldBeTrue();
        // All that was open at the first look has ended: had there been anything to come, it would have
        // come. Redis tells of old changes too.
        _told.AreHidden(_told.Last, new("f", Horizon: 9, Next: 30)).ShouldBeFalse();
        _told.Take(OrderId, 1).ShouldBeNull();
    }

    [Fact]
    public void With_no_transaction_open_nothing_is_hidden() => Hidden(new("f", Horizon: 9, Next: 9)).ShouldBeFalse();

    [Fact]
    public void What_was_told_of_after_the_look_is_not_hidden_from_it()
    {
        var last = _told.Last;
        _told.OnChange(OrderId, 1, DateTimeOffset.UnixEpoch);

        _told.AreHidden(last, new("f", Horizon: 5, Next: 9)).ShouldBeFalse();
    }

    [Fact]
    public void What_is_shown_says_when_it_was_told_of_and_is_not_hidden()
    {
        _told.OnChange(OrderId, 1, DateTimeOffset.UnixEpoch);

        _told.Take(OrderId, 2).ShouldBeNull();
        _told.Take(OrderId, 1).ShouldBe(DateTimeOffset.UnixEpoch);
        Hidden(new("f", Horizon: 5, Next: 9)).ShouldBeFalse();
    }

    private bool Hidden(FeedHead head) => _told.AreHidden(_told.Last, head);
}

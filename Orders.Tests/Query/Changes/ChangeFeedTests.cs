using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Domain.Cache;
using Orders.Query.Changes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeFeedTests
{
    [Fact]
    public void Every_line_that_is_known_reaches_every_listener_in_order()
    {
        var (one, other) = (new Listener(), new Listener());
        using var feed = new ChangeFeed(null!, [one, other], () => null, TimeProvider.System, NullLogger<ChangeFeed>.Instance);

        feed.Receive(Encoding.UTF8.GetBytes(
            """
            0199e5bb-8c00-7000-8000-00000000000a 1 m placed
            something of a later version

            0199e5bb-8c00-7000-8000-00000000000a 2 m changed
            0199e5bb-8c00-7000-8000-00000000000b 3 n deleted
            """));
        feed.Receive([]);

        one.Heard.ShouldBe(["a 1", "a 2", "b 3"]);
        other.Heard.ShouldBe(one.Heard);
    }

    private sealed class Listener : IChangeListener
    {
        public List<string> Heard { get; } = [];

        public bool IsIdle => false;

        public void OnChange(ChangeMessage change) => Heard.Add($"{change.OrderId.ToString()[^1]} {change.Version}");
    }
}

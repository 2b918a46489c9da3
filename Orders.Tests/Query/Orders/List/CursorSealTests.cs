using Orders.Domain;
using Orders.Query.Lists;
using Orders.Query.Rows;
using Orders.Query.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class CursorSealTests
{
    private static readonly Keyset Place = new(new DateTimeOffset(2026, 1, 31, 9, 30, 0, TimeSpan.Zero).AddTicks(1230), Guid.Parse("0199e5bb-8c00-7000-8000-00000000000a"));
    private static readonly OrderFilter Filter = new() { Merchants = ["a", "b"], CustomerId = "c", Status = OrderStatus.Paid, From = DateTimeOffset.UnixEpoch };

    private readonly CursorSeal _seal = new(CursorKeys.Of("key"));

    [Fact]
    public void A_cursor_says_where_the_page_begins()
    {
        _seal.Open(_seal.Close(Place, Filter), Filter, out var after).ShouldBeNull();

        after.ShouldBe(Place);
    }

    [Fact]
    public void A_cursor_is_good_wherever_the_key_is_the_same()
    {
        new CursorSeal(CursorKeys.Of("key")).Open(_seal.Close(Place, Filter), Filter, out _).ShouldBeNull();
        new CursorSeal(CursorKeys.Of("other")).Open(_seal.Close(Place, Filter), Filter, out _).ShouldNotBeNull();
    }

    [Fact]
    public void No_character_can_be_changed_left_out_or_added()
    {
        var cursor = _seal.Close(Place, Filter);

        for (var at = 0; at < cursor.Length; at++)
        {
            foreach (var letter in "AQgw-_.~% ")
            {
                if (letter != cursor[at])
                {
                    _seal.Open($"{cursor[..at]}{letter}{cursor[(at + 1)..]}", Filter, out _).ShouldNotBeNull();
                }

                _seal.Open(cursor.Insert(at, letter.ToString()), Filter, out _).ShouldNotBeNull();
            }

            _seal.Open(cursor.Remove(at, 1), Filter, out _).ShouldNotBeNull();
        }
    }

    [Fact]
    public void A_cursor_belongs_to_its_filters()
    {
        OrderFilter[] others =
        [
            new(), Filter with { Merchants = null }, Filter with { Merchants = ["a"] }, Filter with { CustomerId = null }, Filter with { CustomerId = "d" },
            Filter with { Status = OrderStatus.Placed }, Filter with { Status = null }, Filter with { From = null }, Filter with { To = DateTimeOffset.UnixEpoch }, Filter with { Currency = OfCurrency("JPY") },
        ];

        foreach (var other in others)
        {
            _seal.Open(_seal.Close(Place, other), Filter, out _)!.ShouldContain("other filters");
        }
    }

    private static Currency? OfCurrency(string code) => Currency.TryFind(code, out var currency) ? currency : null;
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>Parts of it that are pure functions.</summary>
public sealed class TablesPartsTests
{
    [Theory]
    [InlineData("orders", "orders_warehouse_orders")]
    [InlineData("orders_2", "orders_warehouse_orders_2")]
    public void A_slot_is_named_after_its_database(string database, string slot) => SlotNames.ForDatabase(database).ShouldBe(slot);

    [Fact]
    public void Databases_whose_names_look_alike_have_different_slots_that_Postgres_takes()
    {
        string[] databases = ["my-orders", "my_orders", "My-Orders", new('a', 63), new string('a', 62) + "b"];
        string[] slots = [.. databases.Select(SlotNames.ForDatabase)];

        slots.Distinct().Count().ShouldBe(slots.Length);
        slots.ShouldAllBe(slot => slot.Length <= 63 && slot.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'));
    }

    [Fact]
    public void Places_sort_by_their_text()
    {
        Place[] places = [default, new(1, 0), new(1, 2), new(1, 10), new(0x10, 1), new(ulong.MaxValue, 1)];

        places.Reverse().Order().ShouldBe(places);
        places.Select(place => place.ToString()).Order(StringComparer.Ordinal).ShouldBe(places.Select(place => place.ToString()));
        places.ShouldAllBe(place => Place.Parse(place.ToString()) == place);
        Place.Parse("").ShouldBe(default);
    }

    [Theory]
    [InlineData("merchants", "public.merchants", "merchants_changes")]
    [InlineData("other.plans", "other.plans", "plans_changes")]
    [InlineData("\"other\".\"Plans\"", "other.Plans", "Plans_changes")]
    public void The_setting_names_tables(string entry, string name, string log)
    {
        SqlName.Parse(entry).ToString().ShouldBe(name);
        SqlName.Parse(entry).Log.ShouldBe(log);
        SqlName.Parse(entry).Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_table_that_cannot_have_a_log_is_told(string entry) => SqlName.Parse(entry).Fault.ShouldNotBeNull();

    [Fact]
    public void One_table_that_is_refused_makes_the_service_degraded_and_none_that_is_read_unready()
    {
        TablesStatus status = new("s", true, true, "reserved", null, 0, null, 0, null, null, null, [new("public.a", TableState.Refused, "no key", 0, null)], new(0, 0, null, null));

        TablesHealthCheck.Judge(problem: null, "reads", status with { Tables = [] }).Status.ShouldBe(HealthStatus.Healthy);
        TablesHealthCheck.Judge(problem: null, "reads", status).ShouldSatisfyAllConditions(result => result.Status.ShouldBe(HealthStatus.Degraded), result => result.Description.ShouldBe("no key"));
        TablesHealthCheck.Judge(problem: null, "reads", status with { Tables = [], Gaps = new(1, 1, "missing", null) }).Status.ShouldBe(HealthStatus.Degraded);
        TablesHealthCheck.Judge(("it fails", TimeSpan.Zero), "reads", status).Status.ShouldBe(HealthStatus.Unhealthy);
        TablesHealthCheck.Judge(problem: null, "waits", status with { Problem = "it fails there" }).Status.ShouldBe(HealthStatus.Unhealthy);
    }
}

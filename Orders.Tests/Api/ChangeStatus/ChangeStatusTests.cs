using System.Globalization;
using System.Net;
using System.Text;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Domain;
using Orders.Tests.ServiceDefaults;
using Orders.Tests.Sync;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.ChangeStatus;

public sealed class ChangeStatusTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private readonly ApiService _api = fixture.Service;

    public static TheoryData<OrderStatus, OrderStatus> Pairs() => OrderStatusTests.Pairs();

    [Fact]
    public async Task An_order_goes_its_way_one_version_a_step()
    {
        var id = await _api.PlaceAsync();
        var placed = await StoredAsync(id);
        var last = placed;
        foreach (var (status, version) in new[] { ("paid", 2), ("shipped", 3), ("completed", 4) })
        {
            using var answer = await _api.Client.SendAsync(ApiService.Patch(id, status));

            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.ETag!.ToString().ShouldBe($"\"{version}\"");
            (await answer.Content.ReadAsStringAsync()).ShouldBe(
                $$"""{"order_id":"{{id}}","version":{{version}},"status":"{{status}}","amount":200.00,"currency":"INR","placed_at":"{{Timestamp.Text(placed.PlacedAt)}}"}""");
            var stored = await StoredAsync(id);
            stored.Status.Name().ShouldBe(status);
            stored.Version.ShouldBe(version);
            stored.UpdatedAt.ShouldBeGreaterThanOrEqualTo(last.UpdatedAt);
            (stored with { Status = placed.Status, Version = placed.Version, UpdatedAt = placed.UpdatedAt }).ShouldBeTheOrder(placed);
            last = stored;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Every_step_is_taken_or_refused_as_the_design_says(OrderStatus from, OrderStatus to)
    {
        var order = SampleOrders.Placed(lines: 1) with { Status = from, Version = 7 };
        await _api.PutAsync(OrderItem.From(order));

        using var answer = await _api.Client.SendAsync(ApiService.Patch(order.OrderId, to.Name()));

        var stored = await StoredAsync(order.OrderId);
        if (from == to)
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.ETag!.ToString().ShouldBe("\"7\"");
            stored.ShouldBeTheOrder(order);
        }
        else if (from.MayBecome(to))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.ETag!.ToString().ShouldBe("\"8\"");
            (stored.Status, stored.Version).ShouldBe((to, 8L));
        }
        else
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            var problem = await TestService.ProblemAsync(answer);
            (problem.GetProperty("from").GetString(), problem.GetProperty("to").GetString()).ShouldBe((from.Name(), to.Name()));
            problem.GetProperty("allowed").EnumerateArray().Select(next => next.GetString()).ShouldBe(from.Next().Select(next => next.Name()));
            stored.ShouldBeTheOrder(order);
        }
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("*")]
    [InlineData("\"7\", \"1\"")]
    public async Task An_If_Match_that_names_the_version_lets_the_change_through(string ifMatch)
    {
        var id = await _api.PlaceAsync();

        using var answer = await _api.Client.SendAsync(ApiService.Patch(id, "paid", ifMatch));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.ToString().ShouldBe("\"2\"");
    }

    [Theory]
    [InlineData("\"2\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"abc\"")]
    public async Task An_If_Match_that_does_not_name_the_version_is_412_and_changes_nothing(string ifMatch)
    {
        var id = await _api.PlaceAsync();
        var before = await StoredAsync(id);

        using var change = await _api.Client.SendAsync(ApiService.Patch(id, "paid", ifMatch));
        using var forbidden = await _api.Client.SendAsync(ApiService.Patch(id, "completed", ifMatch));

        change.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await TestService.ProblemAsync(change)).GetProperty("detail").GetString()!.ShouldContain("version 1");
        forbidden.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await StoredAsync(id)).ShouldBeTheOrder(before);
    }

    [Fact]
    public async Task A_malformed_If_Match_is_400_and_names_the_header()
    {
        using var answer = await _api.Client.SendAsync(ApiService.Patch(await _api.PlaceAsync(), "paid", "1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe(["If-Match"]);
    }

    [Fact]
    public async Task Another_merchants_order_is_answered_as_if_it_were_not_there()
    {
        var id = await _api.PlaceAsync("merchant-104");
        var before = await StoredAsync(id);
        using var acme = _api.ClientOf(ApiService.Acme);

        using var other = await acme.SendAsync(ApiService.Patch(id, "paid"));
        using var stale = await acme.SendAsync(ApiService.Patch(id, "paid", "\"9\""));
        using var missing = await acme.SendAsync(ApiService.Patch(Guid.CreateVersion7(), "paid"));
        using var noId = await acme.SendAsync(new(HttpMethod.Patch, "/v1/orders/17") { Content = new StringContent("""{"status":"paid"}""", Encoding.UTF8, "application/json") });

        foreach (var answer in (HttpResponseMessage[])[other, stale, missing, noId])
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString().ShouldBe("There is no such order.");
            answer.Headers.ETag.ShouldBeNull();
        }

        (await StoredAsync(id)).ShouldBeTheOrder(before);
    }

    [Fact]
    public async Task A_key_changes_its_own_merchants_orders()
    {
        var id = await _api.PlaceAsync("merchant-103");
        using var acme = _api.ClientOf(ApiService.Acme);

        (await acme.SendAsync(ApiService.Patch(id, "paid"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("", "body")]
    [InlineData("{}", "status")]
    [InlineData("""{"status":"lost"}""", "status")]
    [InlineData("""{"status":"paid","amount":1}""", "amount")]
    public async Task A_bad_body_is_400_and_names_the_field(string body, string field)
    {
        var id = await _api.PlaceAsync();
        using var answer = await _api.Client.SendAsync(new(HttpMethod.Patch, $"/v1/orders/{id}") { Content = new StringContent(body, Encoding.UTF8, "application/json") });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ApiService.Fields(await TestService.ProblemAsync(answer)).ShouldBe([field]);
    }

    [Fact]
    public async Task Thirty_requests_at_once_for_the_same_step_take_it_once()
    {
        var id = await _api.PlaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _api.Client.SendAsync(ApiService.Patch(id, "paid"))));

        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.OK && answer.Headers.ETag!.Tag == "\"2\"");
        (await StoredAsync(id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task Of_thirty_requests_at_once_that_know_the_same_version_one_wins()
    {
        var id = await _api.PlaceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => _api.Client.SendAsync(ApiService.Patch(id, "paid", "\"1\""))));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed).ShouldBe(29);
        (await StoredAsync(id)).Version.ShouldBe(2);
    }

    [Fact]
    public async Task The_orders_time_does_not_go_back_when_this_services_clock_is_behind()
    {
        var future = Timestamp.Truncate(TimeProvider.System.GetUtcNow().AddHours(1));
        var order = SampleOrders.Placed() with { UpdatedAt = future };
        await _api.PutAsync(OrderItem.From(order));

        using var answer = await _api.Client.SendAsync(ApiService.Patch(order.OrderId, "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await StoredAsync(order.OrderId)).UpdatedAt.ShouldBe(future);
    }

    [Fact]
    public async Task The_item_carries_the_trace_of_its_last_change()
    {
        var order = SampleOrders.Placed() with { TraceParent = "00-11111111111111111111111111111111-2222222222222222-01" };
        await _api.PutAsync(OrderItem.From(order));
        using var traced = ApiService.Patch(order.OrderId, "paid");
        traced.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var untraced = ApiService.Patch(order.OrderId, "shipped");
        untraced.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");

        (await _api.Client.SendAsync(traced)).Dispose();
        (await StoredAsync(order.OrderId)).TraceParent!.ShouldContain("0af7651916cd43dd8448eb211c80319c");
        (await _api.Client.SendAsync(untraced)).Dispose();
        (await StoredAsync(order.OrderId)).TraceParent.ShouldBeNull();
    }

    [Fact]
    public async Task What_is_no_order_is_not_there()
    {
        var item = OrderItem.From(SampleOrders.Placed());
        item["entity"].S = "something else";
        await _api.PutAsync(item);

        using var answer = await _api.Client.SendAsync(ApiService.Patch(Guid.Parse(item["order_id"].S, CultureInfo.InvariantCulture), "paid"));

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<Order> StoredAsync(Guid id)
    {
        OrderItem.TryRead(await _api.ItemAsync(id), out var order, out var fault).ShouldBeTrue($"{fault}");
        return order!;
    }
}

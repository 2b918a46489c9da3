using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orders.Domain;
using Orders.Query.Changes;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;
using static Orders.Tests.Query.ChangeFixture;

namespace Orders.Tests.Query;

public sealed class GetChangesTests(ChangeFixture fixture) : IClassFixture<ChangeFixture>, IAsyncLifetime
{
    // What the test before stored is no news to the clients of this one.
    public async ValueTask InitializeAsync() => await fixture.CaughtUpAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_change_comes_with_the_order_as_readers_get_it_and_with_its_times()
    {
        var order = Sample.Order();
        await using var follower = await OfAsync(order);

        await fixture.ProjectAsync(Placed(order));
        var change = await follower.NextAsync();

        change.ToString().ShouldBe($"placed {order.OrderId} 1");
        change.Data.GetProperty("merchant_id").GetString().ShouldBe(order.MerchantId);
        change.Data.GetProperty("change").GetString().ShouldBe("placed");
        change.Data.GetProperty("changed_at").GetString().ShouldBe(Timestamp.Text(order.UpdatedAt));
        change.Data.GetProperty("projected_at").GetDateTimeOffset().ShouldBeGreaterThan(order.UpdatedAt);
        change.Data.GetProperty("order").GetRawText().ShouldBe(System.Text.Encoding.UTF8.GetString(OrderJson.Render(order)));
        change.Data.TryGetProperty("cached_at", out _).ShouldBeTrue();
        change.Id.ShouldNotContain($"{order.OrderId}");
        Seal.TryOpen(change.Id, out var id).ShouldBeTrue();
        (id!.Position.OrderId, id.Position.Revision).ShouldBe((order.OrderId, 1));
    }

    [Fact]
    public async Task An_id_tells_nothing_of_how_much_others_write()
    {
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings, ("Orders:Query:ChangePingSeconds", "1"));
        await using var follower = await ChangeFollower.ConnectAsync(service.Limited);
        var ids = new List<string> { follower.LastEventId };
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await fixture.ProjectAsync(Placed(Sample.Order()));
            ids.Add((await follower.NextAsync()).Id);
        }

        // While nothing changes, pings have an id too, and always another.
        var last = ids[^1];
        var reading = follower.TryNextAsync();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await Eventually.HoldsAsync(() => Task.FromResult(follower.LastEventId != last));
            ids.Add(last = follower.LastEventId);
        }

        await service.StopAsync();
        (await reading).ShouldBeNull();
        ids.Select(id => id.Length).Distinct().ShouldHaveSingleItem();
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '-' || sign == '_'));
        ids.Select(Xid).ShouldBeInOrder();

        ulong Xid(string id) => service.Services.GetRequiredService<ChangeIdSeal>().TryOpen(id, out var opened) ? opened.Position.Xid : 0;
    }

    // In the open, an id let its reader ask whether a transaction has been: the next one's number could be
    // found by halving.
    [Theory]
    [InlineData("1")]
    [InlineData("18446744073709551615")]
    public async Task An_id_that_was_made_up_is_answered_the_same_whatever_it_says(string xid)
    {
        Seal.TryOpen((await FirstAsync()).Id, out var id).ShouldBeTrue();

        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Limited, lastEventId: $"{id!.Feed}-{xid}", first: "reset");

        async Task<FollowedChange> FirstAsync()
        {
            var order = Sample.Order();
            await using var first = await OfAsync(order);
            await fixture.ProjectAsync(Placed(order));
            return await first.NextAsync();
        }
    }

    [Fact]
    public async Task A_stream_says_what_it_is_and_is_held_back_by_nobody()
    {
        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client);

        follower.Answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        follower.Answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        follower.Answer.Headers.GetValues("X-Accel-Buffering").ShouldBe(["no"]);
        follower.Comments.ShouldNotBeEmpty();
        follower.LastEventId.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_Redis_told_of_first_says_when()
    {
        var order = Sample.Order();
        await using var follower = await OfAsync(order);
        // It tells of what Postgres shows only later: another transaction is open.
        await using var connection = await fixture.Stores.Postgres.OpenConnectionAsync();
        await using var open = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, "SELECT pg_current_xact_id()");
        await fixture.ProjectAsync(Placed(order));

        await fixture.HeardAsync();
        await open.RollbackAsync();
        var change = await follower.NextAsync();

        change.OrderId.ShouldBe(order.OrderId);
        change.Data.GetProperty("cached_at").GetDateTimeOffset().ShouldBeGreaterThan(order.UpdatedAt);
    }

    [Fact]
    public async Task A_deletion_is_a_change_without_an_order()
    {
        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client, "?customer_id=a-leaver");
        var order = Sample.Order(customerId: "a-leaver");

        await fixture.ProjectAsync(Placed(order));
        await fixture.ProjectAsync(Deleted(order));
        var changes = (Placed: await follower.NextAsync(), Deleted: await follower.NextAsync());

        changes.Deleted.ToString().ShouldBe($"deleted {order.OrderId} 2");
        changes.Deleted.Data.GetProperty("order").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task A_deletion_that_was_guessed_and_proves_wrong_is_followed_by_what_happened()
    {
        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client, "?customer_id=a-ghost");
        var order = Sample.Order(customerId: "a-ghost");

        await fixture.ProjectAsync(Placed(order));
        await fixture.ProjectAsync(Deleted(order));
        (await follower.NextAsync(2)).ShouldBe([$"placed {order.OrderId} 1", $"deleted {order.OrderId} 2"]);
        await fixture.ProjectAsync(Changed(order with { Version = 2, Status = OrderStatus.Paid }));

        (await follower.NextAsync()).ToString().ShouldBe($"changed {order.OrderId} 2");
    }

    [Fact]
    public async Task A_thousand_changes_of_one_batch_come_each_once_and_in_order()
    {
        await using var follower = await ChangeFollower.ConnectAsync(fixture.Service.Client, "?merchant_id=wholesaler");
        var orders = Enumerable.Range(0, 1000).Select(_ => Sample.Order("wholesaler")).ToArray();

        await fixture.ProjectAsync([.. orders.Select(Placed)]);
        await fixture.ProjectAsync(Changed(orders[0] with { Version = 2 }));

        (await follower.NextAsync(1001)).ShouldBe(
            [.. orders.Select(order => $"placed {order.OrderId} 1").Order(StringComparer.Ordinal), $"changed {orders[0].OrderId} 2"]);
    }

    [Fact]
    public async Task A_filter_lets_through_what_it_names_and_a_key_only_its_merchants()
    {
        var (of, other, hidden) = (Sample.Order("merchant-a", customerId: "c-one"), Sample.Order("merchant-b", customerId: "c-two"), Sample.Order("merchant-c", customerId: "c-one"));
        await using var service = await QueryService.StartAsync(fixture.Stores.Settings);
        await using var everything = await ChangeFollower.ConnectAsync(service.Client);
        await using var both = await ChangeFollower.ConnectAsync(service.Limited);
        await using var merchant = await ChangeFollower.ConnectAsync(service.Limited, "?merchant_id=merchant-b");
        await using var customer = await ChangeFollower.ConnectAsync(service.Limited, "?customer_id=c-one");
        await using var order = await ChangeFollower.ConnectAsync(service.Client, $"?order_id={hidden.OrderId}");
        await using var foreign = await ChangeFollower.ConnectAsync(service.Limited, "?merchant_id=merchant-c");
        var last = Sample.Order("merchant-b", customerId: "c-one");

        await fixture.ProjectAsync(Placed(hidden));
        await fixture.ProjectAsync(Placed(of));
        await fixture.ProjectAsync(Placed(other));
        await fixture.ProjectAsync(Placed(last));
        await fixture.ProjectAsync(Deleted(hidden));

        (await everything.NextAsync(5)).ShouldBe([Name(hidden), Name(of), Name(other), Name(last), $"deleted {hidden.OrderId} 2"]);
        (await both.NextAsync(3)).ShouldBe([Name(of), Name(other), Name(last)]);
        (await merchant.NextAsync(2)).ShouldBe([Name(other), Name(last)]);
        (await customer.NextAsync(2)).ShouldBe([Name(of), Name(last)]);
        (await order.NextAsync(2)).ShouldBe([Name(hidden), $"deleted {hidden.OrderId} 2"]);
        // All of them have come so far, and nothing else has until the end.
        await service.StopAsync();
        foreach (var follower in new[] { everything, both, merchant, customer, order, foreign })
        {
            (await follower.TryNextAsync()).ShouldBeNull();
        }
    }

    [Theory]
    [InlineData("?merchant=m", "merchant")]
    [InlineData("?merchant_id=", "merchant_id")]
    [InlineData("?merchant_id=a&merchant_id=b", "merchant_id")]
    [InlineData("?order_id=17", "order_id")]
    [InlineData("?order_id=%200199e5bb-8c00-7000-8000-00000000000", "order_id")]
    [InlineData("?customer_id=a%00b", "customer_id")]
    [InlineData("?since=2026-01-01", "since")]
    [InlineData("?last_event_id=", "last_event_id")]
    [InlineData("?last_event_id=17", "last_event_id")]
    [InlineData("?last_event_id=0123abcd-1.0199e5bb-8c00-7000-8000-00000000000a", "last_event_id")]
    [InlineData("?last_event_id=0123abcd-99999999999999999999", "last_event_id")]
    [InlineData("?last_event_id=0123ABCD-1", "last_event_id")]
    [InlineData("?last_event_id=0123abcd--1", "last_event_id")]
    public async Task What_is_wrong_is_named(string query, string field)
    {
        using var answer = await fixture.Service.Client.GetAsync($"/v1/changes{query}");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("0123abcd-1.x.1")]
    [InlineData("0123abcd-1, 0123abcd-2")]
    public async Task A_malformed_Last_Event_ID_is_named(string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var answer = await fixture.Service.Client.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").TryGetProperty("Last-Event-ID", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_for_GET_and_for_keys_that_may_read()
    {
        using var anonymous = new HttpClient { BaseAddress = fixture.Service.Address };
        using var head = new HttpRequestMessage(HttpMethod.Head, "/v1/changes");

        (await anonymous.GetAsync("/v1/changes")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await fixture.Service.Client.SendAsync(head)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await fixture.Service.Client.PostAsync("/v1/changes", content: null)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private static string Name(Order order) => $"placed {order.OrderId} {order.Version}";

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    // A transaction of any test on the server holds back what other tests have changed before: without a
    // filter that may come first.
    private Task<ChangeFollower> OfAsync(Order order) => ChangeFollower.ConnectAsync(fixture.Service.Client, $"?order_id={order.OrderId}");

    private ChangeIdSeal Seal => fixture.Service.Services.GetRequiredService<ChangeIdSeal>();
}

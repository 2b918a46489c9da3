using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.GraphQL;

/// <summary>
/// The subscription to changes, over server-sent events. The feed is played by the test, to its byte, so
/// that it can break off.
/// </summary>
[Collection(GatewayCollection.Name)]
public sealed class SubscriptionTests(GatewayFixture fixture) : IDisposable
{
    private const string OrderId = "019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a";
    private const string Query = "subscription ($after: String) { orderChanged(merchantId: \"merchant-feed\", after: $after) { cursor orderId version change order { status amount } } }";

    private const string CollectsGarbage = """
        import v8 from 'node:v8';
        import vm from 'node:vm';
        v8.setFlagsFromString('--expose-gc');
        setInterval(vm.runInNewContext('gc'), 20).unref();
        """;

    public void Dispose() => fixture.Upstream.Instead = null;

    [Fact]
    public async Task Each_change_is_an_event_and_other_events_are_passed_over()
    {
        Play(async (http, _) =>
        {
            await SayAsync(http, ": hello\n\nretry: 5\n\n" + Event("placed", 1));
            // In pieces, with the line ends that the standard allows.
            await SayAsync(http, "event: chan");
            await SayAsync(http, Event("changed", 2)["event: chan".Length..].Replace("\n", "\r\n", StringComparison.Ordinal));
            await SayAsync(http, "event: of-tomorrow\ndata: {}\n\n" + Event("deleted", 3));
            await ForeverAsync(http);
        });
        fixture.Upstream.Take();

        await using var changes = await SubscribeAsync();

        (await changes.NextAsync()).ToString().ShouldBe($$$"""{"cursor":"feed-1","orderId":"{{{OrderId}}}","version":1,"change":"PLACED","order":{"status":"PLACED","amount":"200.00"}}""");
        (await changes.NextAsync()).GetProperty("change").GetString().ShouldBe("CHANGED");
        (await changes.NextAsync()).ToString().ShouldBe($$$"""{"cursor":"feed-3","orderId":"{{{OrderId}}}","version":3,"change":"DELETED","order":null}""");
        var call = fixture.Upstream.Take().ShouldHaveSingleItem();
        (call.Path, call.Query).ShouldBe(("/v1/changes", "?merchant_id=merchant-feed"));
        call.Headers["Accept"].ShouldBe("text/event-stream");
        call.Headers.ContainsKey("Authorization").ShouldBeTrue();
    }

    [Fact]
    public async Task A_version_of_64_bits_is_told_to_the_digit()
    {
        Play(async (http, _) =>
        {
            await SayAsync(http, Event("placed", 1769851800123456789) + Event("changed", 1769851800123456790));
            await ForeverAsync(http);
        });

        await using var changes = await SubscribeAsync();

        (await changes.NextAsync()).GetProperty("version").GetString().ShouldBe("1769851800123456789");
        (await changes.NextAsync()).GetProperty("version").GetString().ShouldBe("1769851800123456790");
    }

    [Fact]
    public async Task An_order_that_is_placed_is_told_by_the_real_feed()
    {
        await using var changes = await SubscribeAsync();
        var next = changes.NextAsync();
        // Nothing tells when the subscription has reached the feed: it begins somewhere between these
        // orders.
        List<string> placed = [];
        while (!next.IsCompleted)
        {
            placed.Add(await fixture.PlaceAsync(new { merchant_id = "merchant-feed", amount = 7.50m, currency = "USD" }));
            await Task.WhenAny(next, Task.Delay(500));
        }

        placed.ShouldContain((await next).GetProperty("orderId").GetString()!);
        (await next).GetProperty("order").ToString().ShouldBe("""{"status":"PLACED","amount":"7.50"}""");
    }

    [Fact]
    public async Task Each_change_is_told_with_what_belongs_to_the_order_as_it_is_then()
    {
        var customerOrders = 0;
        Play(async (http, _) =>
        {
            await SayAsync(http, Event("placed", 1) + Event("changed", 2));
            await ForeverAsync(http);
        });
        var feed = fixture.Upstream.Instead!;
        fixture.Upstream.Instead = async http =>
        {
            if (http.Request.Path != "/v1/customers")
            {
                return await feed(http);
            }

            await http.Response.WriteAsync($$"""{"customers":[{"merchant_id":"merchant-a","customer_id":"customer-1","orders":{{++customerOrders}}}]}""");
            return true;
        };

        await using var changes = await SubscribeAsync(query: """subscription { orderChanged(merchantId: "merchant-feed") { order { customer { orderCount } } } }""");

        (await changes.NextAsync()).ToString().ShouldBe("""{"order":{"customer":{"orderCount":1}}}""");
        (await changes.NextAsync()).ToString().ShouldBe("""{"order":{"customer":{"orderCount":2}}}""");
    }

    [Fact]
    public async Task A_feed_that_breaks_off_is_opened_again_behind_the_last_change()
    {
        Play(async (http, attempt) =>
        {
            await SayAsync(http, Event("changed", attempt));
            if (attempt == 1)
            {
                // As a ping does: it says how far the feed has come although there was no change.
                await SayAsync(http, ": ping\nid: feed-9\n\n");
                await Task.Delay(50);
                http.Abort();
            }
            else
            {
                await ForeverAsync(http);
            }
        });
        fixture.Upstream.Take();

        await using var changes = await SubscribeAsync(after: "feed-0");

        (await changes.NextAsync()).GetProperty("version").GetInt32().ShouldBe(1);
        (await changes.NextAsync()).GetProperty("version").GetInt32().ShouldBe(2);
        fixture.Upstream.Take().Select(call => call.Headers["Last-Event-ID"]).ShouldBe(["feed-0", "feed-9"]);
    }

    [Fact]
    public async Task A_feed_that_says_nothing_any_more_is_opened_again_behind_the_last_change()
    {
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("GRAPHQL_FEED_SILENCE_MS", "300"));
        Play(async (http, attempt) =>
        {
            if (attempt != 2)
            {
                await SayAsync(http, Event("changed", attempt));
            }

            // Its connection is there and dead: neither a change nor a ping, and no end. The second says
            // nothing at all.
            await ForeverAsync(http);
        });
        fixture.Upstream.Take();

        await using var changes = await SubscribeAsync(after: "feed-0", gateway);

        (await changes.NextAsync()).GetProperty("version").GetInt32().ShouldBe(1);
        (await changes.NextAsync()).GetProperty("version").GetInt32().ShouldBe(3);
        fixture.Upstream.Take().Select(call => call.Headers["Last-Event-ID"]).Take(3).ShouldBe(["feed-0", "feed-1", "feed-1"]);
    }

    [Fact]
    public async Task A_feed_that_begins_anew_ends_with_an_error_that_says_what_to_do()
    {
        Play(async (http, _) =>
        {
            await SayAsync(http, "event: reset\nid: other-1\ndata: {}\n\n");
            await ForeverAsync(http);
        });

        await using var changes = await SubscribeAsync(after: "feed-1");

        (await changes.NextMessageAsync()).GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString().ShouldBe("FEED_RESET");
    }

    [Fact]
    public async Task A_subscriber_who_leaves_takes_the_upstream_connection_along()
    {
        Play((http, _) => ForeverAsync(http));
        var changes = await SubscribeAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 1));

        await changes.DisposeAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 0));
    }

    [Fact]
    public async Task The_upstream_connection_goes_along_however_often_garbage_is_collected()
    {
        Play(async (http, _) =>
        {
            for (var version = 1; !http.RequestAborted.IsCancellationRequested; version++)
            {
                await SayAsync(http, Event("changed", version));
                await Task.Delay(50, http.RequestAborted);
            }
        });
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address, ("NODE_OPTIONS", $"--import=data:text/javascript,{Uri.EscapeDataString(CollectsGarbage)}"));
        var changes = await SubscribeAsync(gateway: gateway);
        for (var i = 0; i < 10; i++)
        {
            await changes.NextAsync();
        }

        await changes.DisposeAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 0));
    }

    [Fact]
    public async Task What_the_feed_refuses_is_an_event_with_the_error()
    {
        fixture.Upstream.Instead = async http =>
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("""{"errors":{"Last-Event-ID":["is not the id of an event of this feed."]}}""");
            return true;
        };

        await using var changes = await SubscribeAsync(after: "made-up");

        var error = (await changes.NextMessageAsync()).GetProperty("errors")[0];
        error.GetProperty("message").GetString().ShouldBe("after is not the id of an event of this feed.");
        error.GetProperty("extensions").GetProperty("code").GetString().ShouldBe("BAD_USER_INPUT");
        error.GetProperty("extensions").GetProperty("fields").GetProperty("after").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_stop_ends_the_gateway_with_a_subscription_open()
    {
        Play((http, _) => ForeverAsync(http));
        await using var gateway = await GatewayHost.StartAsync(fixture.Upstream.Address);
        await using var changes = await SubscribeAsync(gateway: gateway);
        await Eventually.HoldsAsync(() => Task.FromResult(fixture.Upstream.Open == 1));

        gateway.Signal(Native.Terminate);

        (await gateway.ExitAsync()).ShouldBe(0, gateway.Said);
    }

    private void Play(Func<HttpContext, int, Task> feed)
    {
        var attempts = 0;
        fixture.Upstream.Instead = async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.FlushAsync();
            await feed(http, Interlocked.Increment(ref attempts));
            return true;
        };
    }

    private static async Task SayAsync(HttpContext http, string text)
    {
        await http.Response.WriteAsync(text);
        await http.Response.Body.FlushAsync();
    }

    private static async Task ForeverAsync(HttpContext http) =>
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static string Event(string change, long version)
    {
        var order = change == "deleted" ? "null" : """{"status":"placed","amount":200.00,"merchant_id":"merchant-a","customer_id":"customer-1"}""";
        return $$"""
            event: {{change}}
            id: feed-{{version}}
            data: {"order_id":"{{OrderId}}","version":{{version}},"merchant_id":"merchant-a","change":"{{change}}","changed_at":"2026-01-31T09:30:00.000Z","order":{{order}}}


            """.ReplaceLineEndings("\n");
    }

    private async Task<OpenSubscription> SubscribeAsync(string? after = null, GatewayHost? gateway = null, string query = Query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query, variables = new { after } }),
            Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse("text/event-stream") } },
        };
        var answer = await (gateway ?? fixture.Gateway).Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return new(answer, new(await answer.Content.ReadAsStreamAsync()));
    }

    private sealed class OpenSubscription(HttpResponseMessage answer, StreamReader lines) : IAsyncDisposable
    {
        public async Task<JsonElement> NextAsync() => (await NextMessageAsync()).GetProperty("data").GetProperty("orderChanged");

        public async Task<JsonElement> NextMessageAsync()
        {
            using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
            while (await lines.ReadLineAsync(bound.Token) is { } line)
            {
                if (line.StartsWith("data: {", StringComparison.Ordinal))
                {
                    return JsonElement.Parse(line["data: ".Length..]);
                }
            }

            throw new InvalidOperationException("The subscription has ended.");
        }

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Http;

public sealed class EncodedBodyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private const string Order = """{"merchant_id":"merchant-102","amount":200.00,"currency":"INR"}""";
    private const string Line = """{"product_id":"tea","product_name":"Café","quantity":1,"unit_price":5}""";

    private readonly ApiService _api = fixture.Service;

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task An_order_in_a_coding_is_placed(string coding)
    {
        using var answer = await _api.Client.PostAsync("/v1/orders", Compressed.Content(Order, coding));

        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("gzip", "application/x-ndjson")]
    [InlineData("br", "application/json")]
    public async Task A_batch_in_a_coding_is_placed(string coding, string mediaType)
    {
        var body = mediaType == "application/json" ? $"[{Order},{Order}]" : $"{Order}\n{Order}\n";

        using var answer = await _api.Client.PostAsync("/v1/orders/batch", Compressed.Content(body, coding, mediaType));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Trim().Split('\n').Select(line => JsonElement.Parse(line).GetProperty("status").GetInt32()).ShouldBe([201, 201]);
    }

    [Fact]
    public async Task A_status_in_a_coding_is_changed()
    {
        var id = await _api.PlaceAsync();

        using var answer = await _api.Client.PatchAsync($"/v1/orders/{id}", Compressed.Content("""{"status":"paid"}""", "gzip"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_same_key_and_order_are_the_same_request_in_whatever_coding()
    {
        using var plain = await _api.Client.SendAsync(ApiService.Post(Order, "coded"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = Compressed.Content(Order, "gzip") };
        request.Headers.Add("Idempotency-Key", "coded");
        using var coded = await _api.Client.SendAsync(request);

        coded.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await coded.Content.ReadAsByteArrayAsync()).ShouldBe(await plain.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/orders", "application/json")]
    [InlineData("/v1/orders/batch", "application/x-ndjson")]
    [InlineData("/v1/orders/batch", "application/json")]
    public async Task Another_coding_is_415_with_the_known_ones(string path, string mediaType)
    {
        using var answer = await _api.Client.PostAsync(path, Compressed.Content(Encoding.UTF8.GetBytes(Order), "zstd", mediaType));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        string.Join(',', answer.Headers.GetValues("Accept-Encoding")).ShouldBe("gzip, br, deflate");
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("zstd");
    }

    [Theory]
    [InlineData("gzip", "application/x-ndjson")]
    [InlineData("gzip", "application/json")]
    public async Task What_is_compressed_and_does_not_say_so_is_told_to(string coding, string mediaType)
    {
        using var content = new ByteArrayContent(Compressed.Of(Encoding.UTF8.GetBytes(Order), coding)) { Headers = { ContentType = new(mediaType) } };
        using var answer = await _api.Client.PostAsync(mediaType == "application/json" ? "/v1/orders" : "/v1/orders/batch", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("body")[0].GetString()!.ShouldContain("Content-Encoding: gzip");
    }

    [Fact]
    public async Task A_batch_that_is_cut_off_in_its_coding_places_nothing()
    {
        var merchant = "m-cut";
        var bytes = Compressed.Of(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Order.Replace("merchant-102", merchant, StringComparison.Ordinal) + "\n", 20))), "gzip");

        using var answer = await _api.Client.PostAsync("/v1/orders/batch", Compressed.Content(bytes[..^9], "gzip", "application/x-ndjson"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await _api.ItemsOfAsync(merchant)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_in_latin_1_is_stored_as_it_was_meant()
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes($$"""{"merchant_id":"merchant-102","currency":"INR","items":[{{Line}}]}"""));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "iso-8859-1" };

        using var answer = await _api.Client.PostAsync("/v1/orders", content);

        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        (await _api.ItemAsync((await ApiService.JsonAsync(answer)).GetProperty("order_id").GetGuid()))["items"].L[0].M["product_name"].S.ShouldBe("Café");
    }

    [Theory]
    [InlineData("/v1/orders", "application/json; charset=utf-16")]
    [InlineData("/v1/orders/batch", "application/x-ndjson; charset=windows-1252")]
    [InlineData("/v1/orders/batch", "application/json; charset=utf-32")]
    public async Task Another_charset_is_415(string path, string type)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Order));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await _api.Client.PostAsync(path, content);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        (await TestService.ProblemAsync(answer)).GetProperty("detail").GetString()!.ShouldContain("UTF-8");
    }

    [Theory]
    [InlineData("/v1/orders", "application/json")]
    [InlineData("/v1/orders/batch", "application/json")]
    [InlineData("/v1/orders/batch", "application/x-ndjson")]
    public async Task A_byte_order_mark_is_no_part_of_the_body(string path, string mediaType)
    {
        using var content = new ByteArrayContent([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(path.EndsWith("batch", StringComparison.Ordinal) && mediaType == "application/json" ? $"[{Order}]" : Order)])
        {
            Headers = { ContentType = new(mediaType) },
        };
        using var answer = await _api.Client.PostAsync(path, content);

        answer.IsSuccessStatusCode.ShouldBeTrue();
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("errors");
    }

    [Theory]
    [InlineData("utf-16", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-32", false)]
    public async Task A_body_in_utf_16_or_32_is_400_and_told_to_be_utf_8(string encoding, bool hasMark)
    {
        foreach (var (path, mediaType) in new[] { ("/v1/orders", "application/json"), ("/v1/orders/batch", "application/json"), ("/v1/orders/batch", "application/x-ndjson") })
        {
            var codec = Encoding.GetEncoding(encoding);
            using var content = new ByteArrayContent([.. hasMark ? codec.GetPreamble() : [], .. codec.GetBytes(Order)]) { Headers = { ContentType = new(mediaType) } };
            using var answer = await _api.Client.PostAsync(path, content);

            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("body")[0].GetString()!.ShouldContain("UTF-8");
        }
    }
}

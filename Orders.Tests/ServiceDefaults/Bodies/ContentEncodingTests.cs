using System.Net;
using Microsoft.AspNetCore.Builder;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ContentEncodingTests
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    [InlineData("identity, gzip")]
    public async Task A_body_in_a_known_coding_is_read(string coding)
    {
        await using var service = await StartAsync();
        var last = coding.Split(", ")[^1];

        using var answer = await service.Client.PostAsync("/text", Compressed.Content(Compressed.Of("""{"value":"four"}"""u8, last), coding));

        (answer.StatusCode, await answer.Content.ReadAsStringAsync()).ShouldBe((HttpStatusCode.OK, "4"));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, br")]
    [InlineData("caf\u00e9")]
    public async Task Another_coding_is_415_and_the_known_ones_are_told(string coding)
    {
        await using var service = await StartAsync();

        var raw = await RawHttp.SendAsync(service.Address, [
            .. "POST /text HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic Zm9vOmJhcg==\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Encoding: "u8,
            .. System.Text.Encoding.Latin1.GetBytes(coding), .. "\r\nContent-Length: 2\r\n\r\n{}"u8]);

        raw.ShouldStartWith("HTTP/1.1 415");
        raw.ShouldContain("Accept-Encoding: gzip, br, deflate");
        raw.ShouldContain("Content-Encoding");
        raw.ShouldContain("about:blank");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_is_not_in_the_coding_it_names_is_400_and_names_it(string coding)
    {
        await using var service = await StartAsync();

        using var answer = await service.Client.PostAsync("/bytes", Compressed.Content("""{"value":"plain"}"""u8.ToArray(), coding));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("Content-Encoding")[0].GetString()!.ShouldContain(coding);
        service.Logs.Errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_is_cut_off_is_400_at_whatever_place(string coding)
    {
        await using var service = await StartAsync();
        var whole = Compressed.Of(System.Text.Encoding.UTF8.GetBytes($$"""{"value":"four"}{{new string(' ', 50)}}{{Guid.CreateVersion7()}}"""[..66]), coding);

        for (var length = 1; length < whole.Length; length++)
        {
            using var answer = await service.Client.PostAsync("/bytes", Compressed.Content(whole[..length], coding));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{length} of {whole.Length} bytes");
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_goes_on_behind_its_end_is_400_in_whatever_pieces_it_comes(string coding)
    {
        await using var service = await StartAsync();
        var whole = Compressed.Of("""{"value":"four"}"""u8, coding);
        byte[][] tails = ["x"u8.ToArray(), [0], new byte[100], "junk"u8.ToArray(), [.. whole, 1], .. Enumerable.Range(1, whole.Length - 1).Select(length => whole[..length])];

        foreach (var tail in tails)
        {
            foreach (var piece in new[] { 1, whole.Length, whole.Length + tail.Length })
            {
                using var content = new StreamContent(new PiecewiseStream([.. whole, .. tail], piece)) { Headers = { { "Content-Encoding", coding } } };
                using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes") { Content = content, Headers = { TransferEncodingChunked = true } };
                using var answer = await service.Client.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, $"{Convert.ToHexString(tail)} behind it, {piece} bytes at a time");
                (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("Content-Encoding")[0].GetString()
                    .ShouldBe($"says {coding}, and the body is not in that coding, is cut off, or goes on behind its end.");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(10_000)]
    public async Task Members_of_gzip_may_follow_one_another(int piece)
    {
        await using var service = await StartAsync();
        var member = Compressed.Of("""{"value":"four"}"""u8, "gzip");
        using var content = new StreamContent(new PiecewiseStream([.. member, .. Compressed.Of(new byte[100], "gzip"), .. member], piece)) { Headers = { { "Content-Encoding", "gzip" } } };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/bytes") { Content = content, Headers = { TransferEncodingChunked = true } };

        using var answer = await service.Client.SendAsync(request);

        (await answer.Content.ReadAsStringAsync()).ShouldBe($"{16 + 100 + 16}");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task One_mebibyte_is_read_and_one_byte_more_of_what_it_unfolds_to_is_413(string coding)
    {
        await using var service = await StartAsync();

        using var fits = await service.Client.PostAsync("/bytes", Compressed.Content(Compressed.Of(new byte[BodyLimit.MaxBytes], coding), coding));
        using var over = await service.Client.PostAsync("/bytes", Compressed.Content(Compressed.Of(new byte[BodyLimit.MaxBytes + 1], coding), coding));
        using var bomb = await service.Client.PostAsync("/bytes", Compressed.Content(Compressed.Of(new byte[100 * BodyLimit.MaxBytes], coding), coding));

        (await fits.Content.ReadAsStringAsync()).ShouldBe("1048576");
        over.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        bomb.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await TestService.ProblemAsync(bomb)).GetProperty("detail").GetString()!.ShouldContain("1048576");
    }

    private static Task<TestService> StartAsync() =>
        TestService.StartAsync(map: app => app.MapPost("/text", (Text text) => text.Value.Length).RequireScope(Scopes.OrdersWrite));

    private sealed record Text(string Value);

    /// <summary>Comes so many bytes at a time.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            foreach (var part in ToArray().Chunk(piece))
            {
                await destination.WriteAsync(part, cancellationToken);
                await destination.FlushAsync(cancellationToken);
            }
        }
    }
}

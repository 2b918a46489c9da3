using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Errors;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>What the server or the platform refuses before any of our code sees it.</summary>
public sealed class ServerProblemTests
{
    private const string Key = "Authorization: Basic Zm9vOmJhcg==\r\n";

    public static TheoryData<string, int> Refused => new()
    {
        { "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n", 404 },
        { "DELETE /who HTTP/1.1\r\nHost: localhost\r\n\r\n", 405 },
        { "GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n", 401 },
        { "nonsense\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\n\r\n", 400 },
        { "GET  HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "G@T / HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "GET http://\u0001 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "OPTIONS *x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n\r\n", 404 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\n: empty\r\n\r\n", 400 },
        { "POST /bytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400 },
        { "GET / HTTQ/1.1\r\nHost: localhost\r\n\r\n", 505 },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400 },
        { "GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400 },
        { "GET / HTTP/3.7\r\nHost: localhost\r\n\r\n", 505 },
        { $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414 },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 40_000)}\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X-{i}: 1\r\n"))}\r\n", 431 },
        { "GET /caf\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "GET /who?x=caf\u00e9 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400 },
        { "POST /bytes HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400 },
        { $"POST /bytes HTTP/1.1\r\nHost: localhost\r\n{Key}Transfer-Encoding: gzip, chunked, gzip\r\n\r\n", 400 },
        { $"POST /bytes HTTP/1.1\r\nHost: localhost\r\n{Key}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400 },
        { $"POST /bytes HTTP/1.1\r\nHost: localhost\r\n{Key}Content-Type: text/plain; charset=ebcdic\r\nContent-Length: 1\r\n\r\nx", 415 },
        { "GET /breaks HTTP/1.1\r\nHost: localhost\r\n\r\n", 500 },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Whatever_is_refused_is_a_problem_with_words_and_the_one_type(string request, int status)
    {
        await using var service = await TestService.StartAsync(
            TestService.Development, map: app => app.MapGet("/breaks", string () => throw new InvalidOperationException("inside")).AllowAnonymous());

        var answer = await RawHttp.SendAsync(service.Address, Encoding.Latin1.GetBytes(request.Insert(request.IndexOf("\r\n", StringComparison.Ordinal) + 2, "Connection: close\r\n")));

        answer.ShouldStartWith($"HTTP/1.1 {status} ");
        answer.ShouldContain("Content-Type: application/problem+json", Case.Insensitive);
        var problem = Problem(answer);
        problem.GetProperty("type").GetString().ShouldBe("about:blank");
        problem.GetProperty("status").GetInt32().ShouldBe(status);
        problem.GetProperty("title").GetString().ShouldBe(Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status));
        problem.GetProperty("detail").GetString()!.Length.ShouldBeGreaterThan(15);
        problem.GetProperty("detail").GetString()!.ShouldNotContain("''");
        problem.GetProperty("trace_id").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task One_status_has_one_type_and_title_whoever_answers_it()
    {
        Func<IResult>[] results =
        [
            () => Problems.NotFound("x"), () => TypedResults.NotFound(), () => TypedResults.Problem(statusCode: 404), () => Problems.TooLarge("x"),
            () => TypedResults.StatusCode(413), () => Problems.Unprocessable("x"), () => TypedResults.UnprocessableEntity(), () => TypedResults.InternalServerError(),
            () => TypedResults.Problem(statusCode: 500), () => Problems.Unavailable("x", TimeSpan.Zero), () => TypedResults.StatusCode(503),
            () => TypedResults.ValidationProblem(new Dictionary<string, string[]>()), () => Problems.BadRequest("x"),
        ];
        await using var service = await TestService.StartAsync(map: app =>
        {
            foreach (var (number, result) in results.Index())
            {
                app.MapGet($"/{number}", () => result()).AllowAnonymous();
            }
        });
        var seen = new HashSet<(string?, string?, int)>();
        var statuses = new HashSet<int>();
        for (var number = 0; number < results.Length; number++)
        {
            var problem = await TestService.ProblemAsync(await service.Anonymous.GetAsync($"/{number}"));
            var status = problem.GetProperty("status").GetInt32();
            seen.Add((problem.GetProperty("type").GetString(), problem.GetProperty("title").GetString(), status));
            statuses.Add(status);
        }

        seen.Select(one => one.Item1).Distinct().ShouldBe(["about:blank"]);
        seen.Count.ShouldBe(statuses.Count);
    }

    private static JsonElement Problem(string answer)
    {
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        // A long one comes in several chunks: JSON itself has no such line.
        body = Regex.Replace(body, "\r\n[0-9a-f]+\r\n", "", RegexOptions.None, TimeSpan.FromSeconds(1));
        return JsonDocument.Parse(body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)]).RootElement;
    }
}

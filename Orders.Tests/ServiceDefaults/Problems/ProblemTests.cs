using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.ServiceDefaults.Errors;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ProblemTests
{
    [Fact]
    public async Task An_unknown_route_is_a_404_problem()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.Anonymous.GetAsync("/nowhere");

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await TestService.ProblemAsync(answer);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_problem_with_allow()
    {
        await using var service = await TestService.StartAsync();

        var answer = await service.Anonymous.DeleteAsync("/who");

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        answer.Content.Headers.Allow.ShouldBe(["GET"]);
        await TestService.ProblemAsync(answer);
    }

    [Theory]
    [InlineData("text/plain", "{}", 415)]
    [InlineData("application/json", "", 400)]
    [InlineData("application/json", "{", 400)]
    [InlineData("application/json", "[]", 400)]
    [InlineData("application/json", "null", 400)]
    [InlineData("application/json", """{"size":"large"}""", 400)]
    [InlineData("application/json; charset=utf-77", "{}", 415)]
    [InlineData("application/json; charset=utf-7", "{}", 415)]
    [InlineData("nonsense", "{}", 415)]
    [InlineData("application/json", """{"size":1,"name":"\ud800"}""", 400)]
    [InlineData("application/json", """{"size":99999999999999}""", 400)]
    public async Task A_body_that_cannot_be_bound_is_a_problem_of_the_client(string type, string body, int status)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/thing", (Thing thing) => thing.Size).AllowAnonymous());
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await service.Anonymous.PostAsync("/thing", content);

        ((int)answer.StatusCode).ShouldBe(status);
        await TestService.ProblemAsync(answer);
        service.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_json_field_that_cannot_be_bound_is_named()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/thing", (Thing thing) => thing.Size).AllowAnonymous());

        var answer = await service.Anonymous.PostAsync("/thing", new StringContent("""{"size":"large"}""", Encoding.UTF8, "application/json"));

        (await TestService.ProblemAsync(answer)).GetProperty("errors").EnumerateObject().Select(field => field.Name).ShouldBe(["size"]);
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=UTF-8")]
    public async Task A_charset_that_is_known_is_read(string type)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/thing", (Thing thing) => thing.Size).AllowAnonymous());
        using var content = new ByteArrayContent("""{"size":7}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = await service.Anonymous.PostAsync("/thing", content);

        (await answer.Content.ReadAsStringAsync()).ShouldBe("7");
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_a_problem_of_the_client()
    {
        await using var service = await TestService.StartAsync(map: app => app.MapPost("/thing", (Thing thing) => thing.Size).AllowAnonymous());
        using var content = new ByteArrayContent([.. """{"size":7,"name":"a"""u8, 0xff, .. "\"}"u8]);
        content.Headers.ContentType = new("application/json");

        (await service.Anonymous.PostAsync("/thing", content)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(TestService.Development)]
    [InlineData(TestService.Production)]
    public async Task A_parameter_that_cannot_be_bound_is_named(string environment)
    {
        await using var service = await TestService.StartAsync(environment, TestService.Key(), map: app => app.MapGet("/n", (int limit) => limit).AllowAnonymous());

        var answer = await service.Anonymous.GetAsync("/n?limit=many");

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await TestService.ProblemAsync(answer)).GetProperty("errors").GetProperty("limit")[0].GetString().ShouldBe("is not a whole number.");
    }

    [Fact]
    public async Task An_unhandled_exception_tells_nothing_outside_development()
    {
        await using var service = await TestService.StartAsync(TestService.Production, TestService.Key(), map: MapThrowing);

        var answer = await service.Anonymous.GetAsync("/throws");

        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        await TestService.ProblemAsync(answer);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("the inside");
        service.Logs.Errors.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_unhandled_exception_shows_its_stack_during_development()
    {
        await using var service = await TestService.StartAsync(map: MapThrowing);

        var answer = await service.Anonymous.GetAsync("/throws");

        (await TestService.ProblemAsync(answer)).GetProperty("exception").GetString()!.ShouldContain("the inside");
    }

    [Fact]
    public async Task A_client_that_accepts_no_json_still_gets_a_problem()
    {
        await using var service = await TestService.StartAsync();
        service.Anonymous.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        await TestService.ProblemAsync(await service.Anonymous.GetAsync("/nowhere"));
        await TestService.ProblemAsync(await service.Anonymous.GetAsync("/who"));
    }

    [Fact]
    public async Task A_client_that_goes_away_is_no_error_of_the_service()
    {
        var (arrived, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/slow", async (HttpContext context) =>
        {
            arrived.SetResult();
            context.RequestAborted.Register(left.SetResult);
            await left.Task;
            throw new InvalidOperationException("a store was interrupted");
        }).AllowAnonymous());
        using var patience = new CancellationTokenSource();
        var request = service.Anonymous.GetAsync("/slow", patience.Token);
        await arrived.Task;

        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await left.Task;
        await service.App.StopAsync();

        service.Logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Validation_names_every_bad_field()
    {
        var problem = await AnswerAsync(Problems.Validation(new Dictionary<string, string[]> { ["items[0].quantity"] = ["must be above zero"], ["currency"] = ["a", "b"] }), 400);

        var errors = problem.GetProperty("errors");
        errors.GetProperty("items[0].quantity")[0].GetString().ShouldBe("must be above zero");
        errors.GetProperty("currency").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_validation_problem_of_the_platform_keeps_its_errors()
    {
        var problem = await AnswerAsync(TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["limit"] = ["must be at most 100"] }), 400);

        problem.GetProperty("errors").GetProperty("limit")[0].GetString().ShouldBe("must be at most 100");
    }

    [Fact]
    public async Task A_shared_result_names_each_requests_own_trace()
    {
        var shared = Problems.NotFound("gone");
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/shared", () => shared).AllowAnonymous());

        var traces = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
            (await TestService.ProblemAsync(await service.Anonymous.GetAsync("/shared"))).GetProperty("trace_id").GetString()));

        traces.Distinct().Count().ShouldBe(50);
        shared.ProblemDetails.Extensions.ShouldNotContainKey("trace_id");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(412)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_problem_says_what_it_was_given(int status)
    {
        var result = status switch
        {
            404 => Problems.NotFound("why"),
            409 => Problems.Conflict("why"),
            412 => Problems.PreconditionFailed("why"),
            413 => Problems.TooLarge("why"),
            _ => Problems.Unprocessable("why"),
        };

        (await AnswerAsync(result, status)).GetProperty("detail").GetString().ShouldBe("why");
    }

    [Theory]
    [InlineData(0, "1")]
    [InlineData(900, "1")]
    [InlineData(1_001, "2")]
    [InlineData(60_000, "60")]
    public async Task Unavailable_says_when_to_come_back_in_whole_seconds(int milliseconds, string seconds)
    {
        await using var service = await TestService.StartAsync(
            map: app => app.MapGet("/away", () => Problems.Unavailable("away", TimeSpan.FromMilliseconds(milliseconds))).AllowAnonymous());

        var answer = await service.Anonymous.GetAsync("/away");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.GetValues("Retry-After").ShouldBe([seconds]);
        await TestService.ProblemAsync(answer);
    }

    private static void MapThrowing(WebApplication app) =>
        app.MapGet("/throws", string () => throw new InvalidOperationException("the inside")).AllowAnonymous();

    private static async Task<System.Text.Json.JsonElement> AnswerAsync(IResult result, int status)
    {
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/result", () => result).AllowAnonymous());
        var answer = await service.Anonymous.GetAsync("/result");
        ((int)answer.StatusCode).ShouldBe(status);
        return await TestService.ProblemAsync(answer);
    }

    private sealed record Thing(int Size, string? Name);
}

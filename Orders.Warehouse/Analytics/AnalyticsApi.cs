using Microsoft.AspNetCore.Http.HttpResults;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Analytics;

/// <summary><c>/v1/analytics</c>: the ready questions, and free SQL.</summary>
internal static partial class AnalyticsApi
{
    private static readonly QueryBounds Bounds = new() { Time = TimeSpan.FromSeconds(30), Rows = 5_000, AnswerMegabytes = 8 };

    /// <summary><c>GET /v1/analytics</c></summary>
    public static Ok<IReadOnlyList<QuestionLine>> List(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<QuestionLine>>([.. Questions.All.Select(question => new QuestionLine(question.Id, question.Title))]);
    }

    /// <summary><c>GET /v1/analytics/{question}</c>: of the merchants of the key.</summary>
    public static async Task<Results<Ok<AnalyticsAnswer>, ProblemHttpResult>> AnswerAsync(
        HttpContext http, string question, LockedQueries queries, QueryGate gate, CancellationToken cancellationToken)
    {
        if (Questions.All.FirstOrDefault(each => each.Id == question) is not { } asked)
        {
            return Problems.NotFound($"There is no question '{question}'. GET /v1/analytics lists them.");
        }

        var caller = http.GetCaller();
        return await RunAsync(http, asked.SqlFor(caller.AllMerchants ? null : caller.Merchants), asked.Needs, queries, gate, cancellationToken);
    }

    /// <summary><c>POST /v1/analytics/query</c>: only for a key of all merchants, since SQL can ask for
    /// anything.</summary>
    public static async Task<Results<Ok<AnalyticsAnswer>, ProblemHttpResult>> QueryAsync(
        HttpContext http, AskedQuery query, LockedQueries queries, QueryGate gate, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(query.Sql))
        {
            return Problems.Validation(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["sql"] = ["is missing: a SELECT"] });
        }

        return await RunAsync(http, query.Sql, needs: null, queries, gate, cancellationToken);
    }

    private static async Task<Results<Ok<AnalyticsAnswer>, ProblemHttpResult>> RunAsync(
        HttpContext http, string sql, string? needs, LockedQueries queries, QueryGate gate, CancellationToken cancellationToken)
    {
        http.Response.Headers.CacheControl = "no-store";
        using var place = await gate.EnterAsync(cancellationToken);
        if (place is null)
        {
            return Problems.Unavailable("Other queries are running. Ask again in a moment.", QueryGate.RetryAfter);
        }

        try
        {
            var answer = await queries.RunAsync(sql, Bounds, cancellationToken);
            return TypedResults.Ok(new AnalyticsAnswer(sql, answer.Columns, answer.Rows, answer.IsCut));
        }
        catch (QueryException failure)
        {
            return needs is not null && failure.Fault == QueryFault.Sql && failure.Message.Contains($"{needs}_current", StringComparison.Ordinal)
                ? Problems.NotFound($"The table {needs} is not in the lake: name it in Orders__Warehouse__SqlTables.")
                : Of(failure);
        }
        catch (LakeException failure)
        {
            // Where the lake is, and what is wrong with it, is for the operator.
            LogLakeAway(http.RequestServices.GetRequiredService<ILogger<LockedQueries>>(), failure.Message);
            return Problems.Unavailable("The store of the lake cannot be used now.", QueryGate.RetryAfter);
        }
    }

    private static ProblemHttpResult Of(QueryException failure) => failure.Fault switch
    {
        QueryFault.Time => TypedResults.Problem(failure.Message, statusCode: StatusCodes.Status408RequestTimeout),
        QueryFault.Gone => Problems.Unavailable(failure.Message, QueryGate.RetryAfter),
        QueryFault.File => Problems.Unavailable(failure.Message, QueryGate.RetryAfter),
        _ => Problems.Unprocessable(failure.Message),
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A question could not be answered: {Reason}")]
    private static partial void LogLakeAway(ILogger logger, string reason);
}

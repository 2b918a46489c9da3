using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.ServiceDefaults.Errors;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.History;

/// <summary><c>GET /v1/orders/{id}/history</c></summary>
internal static class GetHistory
{
    public const int MaxLimit = 100;
    public const int DefaultLimit = 50;

    private const string AfterVersion = "after_version";
    private static readonly string[] Parameters = ["limit", AfterVersion];

    public static async Task<Results<StreamedJson<HistoryPage>, ProblemHttpResult>> HandleAsync(string id, HttpContext http, HistoryStore histories)
    {
        var errors = new QueryErrors(http.Request.Query, Parameters);
        var limit = errors.Number("limit", 1, MaxLimit, DefaultLimit);
        var afterVersion = ReadAfterVersion(errors);
        if (!errors.None)
        {
            return errors.Answer();
        }

        Turn.Begin(http.GetCaller(), limit);
        // A malformed id is answered like the id of an unknown order.
        if (!OrderIds.TryRead(id, out var orderId) ||
            await histories.FindAsync(orderId, afterVersion, limit, http.GetCaller(), http.RequestAborted) is not { } history)
        {
            return Problems.NotFound("There is no such order, and never was one that is remembered.");
        }

        return new StreamedJson<HistoryPage>(json => HistoryPage.Write(json, history));
    }

    private static long ReadAfterVersion(QueryErrors errors)
    {
        if (errors.Text(AfterVersion) is not { } text)
        {
            return 0;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            return version;
        }

        errors.Add(AfterVersion, "is not a whole number from 0.");
        return 0;
    }
}

using Microsoft.OpenApi;
using Orders.ServiceDefaults;

namespace Orders.Query;

/// <summary>What the routes of this service have in common in OpenAPI.</summary>
internal static class RouteDocs
{
    /// <summary>Describes <c>merchant_id</c> where it says whose an id is.</summary>
    public static RouteHandlerBuilder WithMerchantOfId(this RouteHandlerBuilder route) => route.WithQuery(
        OwnedIds.Merchant, JsonSchemaType.String, "Whose an id is that does not say it itself; needed where several of the key's merchants use it.", "merchant-102");

    /// <summary>Shows an answer, and the headers that every answer has.</summary>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder route, string example) => route.WithAnswerExample(example).WithFreshness();

    /// <summary>Describes and shows the errors of a route, by their statuses.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder route, params IReadOnlyList<int> statuses)
    {
        foreach (var status in statuses)
        {
            var (description, detail) = ReadExamples.Errors[status];
            route.WithProblem(status, description, detail, status == StatusCodes.Status400BadRequest ? ("colour", "is not known here. Known are merchant_id.") : null);
        }

        return route.WithFreshness();
    }

    private static RouteHandlerBuilder WithFreshness(this RouteHandlerBuilder route) => route.WithAnswerHeaders(
        ("X-As-Of", "The time up to which the read model is known to be current, or unknown.", "2026-01-31T09:31:02.000Z"),
        ("X-Replication-Lag", "How far it is behind, in milliseconds, or unknown.", "0"));
}

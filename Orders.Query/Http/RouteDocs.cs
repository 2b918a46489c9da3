using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Http;

/// <summary>The OpenAPI descriptions that the routes of this service share.</summary>
internal static class RouteDocs
{
    /// <summary>The meaning and an example of each error.</summary>
    private static readonly Dictionary<int, (string Description, string Detail)> Errors = new()
    {
        [StatusCodes.Status400BadRequest] = ("A parameter is wrong; errors names each one that is.", "One or more fields are not valid. See errors."),
        [StatusCodes.Status404NotFound] = ("It does not exist, or is another merchant's.", "There is nothing by that id."),
        [StatusCodes.Status409Conflict] = ("Its rows in Postgres are not those of an order: a hand has been there.", "The order has rows in the read model that are not those of an order."),
        [StatusCodes.Status503ServiceUnavailable] = ("The read model does not answer, or does not have what was waited for. See Retry-After.", "The read model does not answer."),
    };

    /// <summary>Describes a response, with the headers that every response has.</summary>
    public static RouteHandlerBuilder WithAnswer(this RouteHandlerBuilder route, string example) => route.WithAnswerExample(example).WithFreshness();

    /// <summary>Describes and shows the errors of a route, by their statuses.</summary>
    public static RouteHandlerBuilder WithErrors(this RouteHandlerBuilder route, params IReadOnlyList<int> statuses)
    {
        foreach (var status in statuses)
        {
            var (description, detail) = Errors[status];
            route.WithProblem(status, description, detail, status == StatusCodes.Status400BadRequest ? ("colour", "is not known here. Known are merchant_id.") : null);
        }

        return route.WithFreshness();
    }

    private static RouteHandlerBuilder WithFreshness(this RouteHandlerBuilder route) => route.WithAnswerHeaders(
        ("X-As-Of", "The time up to which the read model is known to be current, or unknown. For a key of some merchants in steps of 5 s.", "2026-01-31T09:31:02.000Z"),
        ("X-Replication-Lag", "How far it is behind, in milliseconds, or unknown. For a key of some merchants in steps of 5000: 0 is less than one.", "0"));
}

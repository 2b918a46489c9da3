using Microsoft.OpenApi;
using Orders.Query.Http;
using Orders.Query.Reading;
using Orders.ServiceDefaults.OpenApi;

namespace Orders.Query.Totals;

internal static class TotalsSetup
{
    public static void AddTotals(this IServiceCollection services) => services.AddSingleton<TotalsStore>().AddNumberSchema<ExactNumber>();

    public static void MapTotals(this RouteGroupBuilder v1) => v1.MapRead("/totals/hourly", GetHourlyTotals.HandleAsync, both => both.ReadsInTime())
        .WithTags("totals")
        .WithName("GetHourlyTotals")
        .WithSummary("Orders and amounts of every UTC hour, the empty ones too.")
        .WithDescription("An hour that a bound cuts counts whole: from and to in the answer are the hours' own. Counted are orders that exist and are not cancelled.")
        .WithQuery("merchant_id", JsonSchemaType.String, "This merchant; all of the key's together when left out.", "merchant-102")
        .WithQuery("currency", JsonSchemaType.String, "Only this currency, by its ISO 4217 code.", "INR")
        .WithQuery("from", JsonSchemaType.String, $"ISO 8601 with any offset, without one UTC. The {TotalsRequest.DefaultHours} hours to the end of the current one when from and to are left out.", "2026-01-31T13:30:00+05:30")
        .WithQuery("to", JsonSchemaType.String, $"At most {TotalsRequest.MaxDays} days later.", "2026-01-31T15:30:00+05:30")
        .WithAnswer(TotalsExamples.Hourly)
        .WithErrors(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
}

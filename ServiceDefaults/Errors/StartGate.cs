using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Hosting;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// Answers 503 until the checks of the start have passed. Health and the documentation, which anybody may
/// read, are served.
/// </summary>
internal static class StartGate
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static void UseStartGate(this WebApplication app)
    {
        var checks = app.Services.GetRequiredService<StartChecks>();
        app.Use((http, next) => checks.HavePassed || IsOpen(http) ? next(http) : AnswerAsync(http, checks.WaitsFor ?? "A store"));
    }

    private static bool IsOpen(HttpContext http) => http.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static Task AnswerAsync(HttpContext http, string store)
    {
        var detail = $"{store} has not answered since this service started. Nothing was done.";
        var answer = http.RequestServices.GetService<IStoreFailures>()?.Answer(new StoreAwayException(store, detail), http) ?? Problems.Unavailable(detail, RetryAfter);
        return answer.ExecuteAsync(http);
    }
}

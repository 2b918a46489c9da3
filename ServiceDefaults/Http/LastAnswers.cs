using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Http;

/// <summary>
/// From the moment the process is asked to stop, each answer is the last of its connection: the next request
/// of a client goes elsewhere, not to a server that closes the connection meanwhile.
/// </summary>
internal static class LastAnswers
{
    public static void UseLastAnswers(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.Use((http, next) =>
        {
            if (stopping.IsCancellationRequested && HttpProtocol.IsHttp11(http.Request.Protocol))
            {
                http.Response.OnStarting(Close, http.Response);
            }

            return next(http);
        });
    }

    private static Task Close(object response)
    {
        ((HttpResponse)response).Headers.Connection = "close";
        return Task.CompletedTask;
    }
}

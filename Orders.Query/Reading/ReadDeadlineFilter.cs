using Orders.ServiceDefaults.SignIn;

namespace Orders.Query.Reading;

/// <summary>
/// Ends a read at its deadline, however many statements it needs, as if Postgres had not answered.
/// </summary>
internal sealed class ReadDeadlineFilter(TimeProvider time) : IEndpointFilter
{
    private const string Late = "The time for an answer was over.";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var aborted = http.RequestAborted;
        using var limit = new CancellationTokenSource(ReadDeadline.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, limit.Token);
        http.RequestAborted = either.Token;
        Turn.Begin(http.GetCaller(), rows: 1);
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            throw new ReadModelAwayException(Late, late);
        }
        finally
        {
            // The response is written after this, and has no such limit.
            http.RequestAborted = aborted;
        }
    }
}

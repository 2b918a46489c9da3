namespace Orders.Query;

/// <summary>Answers for a read model that does not answer, around handlers that always read it: in time, however many statements they need.</summary>
internal sealed class ReadModelFilter(ReadModelAnswers readModel, TimeProvider time) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var aborted = http.RequestAborted;
        using var limit = new CancellationTokenSource(ReadDeadline.Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, limit.Token);
        http.RequestAborted = either.Token;
        try
        {
            return await next(context);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            return readModel.Away(late);
        }
        catch (Exception failure) when (readModel.Explains(failure, out var answer))
        {
            return answer;
        }
        finally
        {
            // The answer is written after this, and has no such limit.
            http.RequestAborted = aborted;
        }
    }
}

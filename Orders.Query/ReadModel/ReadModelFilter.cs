namespace Orders.Query;

/// <summary>Answers for a read model that does not answer, around handlers that always read it.</summary>
internal sealed class ReadModelFilter(ReadModelAnswers readModel) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure) when (readModel.Explains(failure, out var answer))
        {
            return answer;
        }
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Orders.ServiceDefaults.Errors;

/// <summary>
/// 429 or 503 with <c>Retry-After</c>, when it is detected too late to return a result. It is no
/// <see cref="BadHttpRequestException"/> by meaning, but the server reports all others as its own errors.
/// </summary>
/// <param name="status">429 when the key has its share, 503 when the service is full.</param>
/// <param name="detail">What is used up.</param>
/// <param name="retryAfter">When to try again.</param>
public sealed class BusyException(int status, string detail, TimeSpan retryAfter) : BadHttpRequestException(detail, status)
{
    /// <summary>When to try again.</summary>
    public TimeSpan RetryAfter => retryAfter;

    /// <summary>The response.</summary>
    public ProblemHttpResult Answer() =>
        StatusCode == StatusCodes.Status429TooManyRequests ? Problems.TooManyRequests(Message, RetryAfter) : Problems.Unavailable(Message, RetryAfter);
}

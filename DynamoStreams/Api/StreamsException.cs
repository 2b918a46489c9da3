namespace DynamoStreams.Api;

/// <summary>A call of the Streams API failed.</summary>
public sealed class StreamsException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="failure">What kind it is.</param>
    /// <param name="message">What the service said.</param>
    /// <param name="inner">What caused it, when that was an exception.</param>
    public StreamsException(StreamsFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind it is.</summary>
    public StreamsFailure Failure { get; }

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Failure is StreamsFailure.Unavailable or StreamsFailure.Throttled or StreamsFailure.Malformed;

    /// <summary>Maps the service's error type and HTTP status to a kind.</summary>
    /// <param name="errorType">The part of <c>__type</c> after the '#'; empty when the answer is no error of
    /// this service.</param>
    /// <param name="message">What the service said.</param>
    /// <param name="status">The HTTP status.</param>
    public static StreamsException From(string errorType, string message, int status) => new(
        errorType switch
        {
            "ExpiredIteratorException" => StreamsFailure.ExpiredIterator,
            "TrimmedDataAccessException" => StreamsFailure.TrimmedData,
            "ResourceNotFoundException" => StreamsFailure.NotFound,
            "LimitExceededException" or "ThrottlingException" or "ProvisionedThroughputExceededException" or "RequestLimitExceeded" => StreamsFailure.Throttled,
            "AccessDeniedException" or "UnrecognizedClientException" or "InvalidSignatureException" or "MissingAuthenticationTokenException"
                or "IncompleteSignatureException" or "ExpiredTokenException" => StreamsFailure.AccessDenied,
            _ when status >= 500 => StreamsFailure.Unavailable,
            "" => StreamsFailure.Malformed,
            _ => StreamsFailure.Invalid,
        },
        $"{(errorType.Length == 0 ? $"HTTP {status}" : errorType)}: {message}");
}

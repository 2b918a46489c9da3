using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace Orders.Warehouse.Store;

/// <summary>What the failures of S3 mean for an operator.</summary>
/// <param name="bucket">The lake's bucket.</param>
/// <param name="settings">Where S3 is.</param>
internal sealed class S3Faults(string bucket, S3Settings settings)
{
    private string Place => settings.Endpoint is { } endpoint ? $"S3 at {endpoint}" : $"S3 in {settings.Region.SystemName}";

    private string Address => settings.Endpoint is null ? "AWS_REGION" : "AWS_ENDPOINT_URL_S3";

    /// <summary>Whether an exception is a failure of S3 or of the way to it.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="cancellationToken">The caller's: what it cancelled is no failure.</param>
    public static bool IsOne(Exception failure, CancellationToken cancellationToken) =>
        failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
        || (failure is OperationCanceledException or TimeoutException && !cancellationToken.IsCancellationRequested);

    /// <summary>Explains one.</summary>
    public LakeException Explain(Exception failure) => failure switch
    {
        DeleteObjectsException { Response.DeleteErrors: [var first, ..] } some => OfCode(first.Code, status: null, first.Message, some),
        AmazonServiceException { ErrorCode.Length: > 0 } refused => OfCode(refused.ErrorCode, refused.StatusCode, refused.Message, refused),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden } refused => OfCode("AccessDenied", refused.StatusCode, refused.Message, refused),
        AmazonServiceException other => OfCode($"status {(int)other.StatusCode}", other.StatusCode, other.Message, other),
        OperationCanceledException or TimeoutException => Passing("does not answer in time", failure),
        _ => Passing($"cannot be reached, or its answer was cut ({failure.GetBaseException().Message.TrimEnd('.')})", failure),
    };

    private LakeException OfCode(string code, HttpStatusCode? status, string message, Exception cause) => code switch
    {
        "NoSuchBucket" => Setup($"{Place} has no bucket '{bucket}'.", $"Create it (aws s3 mb s3://{bucket}), or let {LakeException.Setting} name another one.", cause),
        "AccessDenied" or "AllAccessDisabled" or "AccountProblem" => Setup(
            $"These AWS credentials may not use the bucket '{bucket}' of {Place} ({message.TrimEnd('.')}).",
            $"Allow them s3:ListBucket on it and s3:GetObject, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload on its objects, or let {LakeException.Setting} name another one.",
            cause),
        "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired" or "NotSignedUp" or "InvalidSecurity" => Setup(
            $"{Place} refuses these AWS credentials ({code}).", $"Correct AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in again; {LakeException.Setting} names s3://{bucket}.", cause),
        "RequestTimeTooSkewed" => Setup($"{Place} refuses requests because the clock of this machine is wrong.", "Set the clock.", cause),
        "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException" => Setup(
            $"The bucket '{bucket}' is not in {settings.Region.SystemName} ({message.TrimEnd('.')}).", $"Let AWS_REGION name its region, or {LakeException.Setting} another bucket.", cause),
        "XMinioStorageFull" or "InsufficientStorage" or "QuotaExceeded" or "EntityTooLarge" => Setup(
            $"{Place} has no space for an object ({code}).", $"Free space there, or let {LakeException.Setting} name another store.", cause, isFull: true),
        _ when IsPassing(code, status) => Passing($"fails ({code}: {message.TrimEnd('.')})", cause),
        _ => Setup($"{Place} refuses a request to the bucket '{bucket}' ({code}: {message.TrimEnd('.')}).", $"Correct {LakeException.Setting} or {Address}.", cause),
    };

    private static bool IsPassing(string code, HttpStatusCode? status) =>
        code is "RequestTimeout" or "BadDigest" or "IncompleteBody" or "XAmzContentSHA256Mismatch" or "SlowDown" or "InternalError" or "ServiceUnavailable" or "OperationAborted"
            or "NoSuchUpload" or "ThrottlingException" or "TooManyRequests"
        || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict or >= HttpStatusCode.InternalServerError;

    private LakeException Passing(string what, Exception cause) =>
        new($"{Place} {what}. The lake s3://{bucket} of {LakeException.Setting} is asked again; if it stays so, see that the server runs and that {Address} is right.", isSetup: false, cause);

    private static LakeException Setup(string problem, string wayOut, Exception cause, bool isFull = false) => new($"{problem} {wayOut}", isSetup: true, cause, isFull);
}

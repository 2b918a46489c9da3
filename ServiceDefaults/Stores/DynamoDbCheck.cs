using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Checks that the table exists and is active.</summary>
/// <param name="dynamoDb">The client from <see cref="DynamoDbSetup.AddDynamoDb"/>.</param>
/// <param name="settings">The table's settings.</param>
public sealed class DynamoDbCheck(IAmazonDynamoDB dynamoDb, DynamoDbSettings settings) : IHealthCheck
{
    /// <summary>The time limit; the platform cancels the check then.</summary>
    public static TimeSpan Timeout { get; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await dynamoDb.DescribeTableAsync(settings.Table, cancellationToken);
            var status = answer.Table?.TableStatus;
            return status == TableStatus.ACTIVE || status == TableStatus.UPDATING
                ? HealthCheckResult.Healthy("answers")
                : new(context.Registration.FailureStatus, $"the table is {status}");
        }
        catch (ResourceNotFoundException)
        {
            return new(context.Registration.FailureStatus, $"the table {settings.Table} does not exist");
        }
        catch (AmazonServiceException refused) when (IsRefusal(refused))
        {
            return new(context.Registration.FailureStatus, $"refuses the credentials of this service, or denies it the right to see the table {settings.Table} ({refused.ErrorCode})");
        }
        catch (Exception failure) when (
            failure is AmazonServiceException or AmazonClientException or HttpRequestException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, "does not answer");
        }
    }

    /// <summary>Whether DynamoDB rejects the credentials or permissions: waiting does not help.</summary>
    /// <param name="failure">The failure of a call.</param>
    public static bool IsRefusal(AmazonServiceException failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.ErrorCode is "AccessDeniedException" or "UnrecognizedClientException" or "InvalidSignatureException" or "MissingAuthenticationTokenException"
            or "IncompleteSignatureException" or "ExpiredTokenException" or "InvalidClientTokenId";
    }
}

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Table;

/// <summary>
/// Enables DynamoDB's TTL, which deletes expired idempotency keys. Without it everything works, since an
/// expired key counts as deleted; the table only grows. So a failure here does not stop the start.
/// </summary>
internal sealed partial class TimeToLive(IAmazonDynamoDB dynamo, DynamoDbSettings settings, IHostEnvironment environment, ILogger<TimeToLive> logger)
{
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            var described = await dynamo.DescribeTimeToLiveAsync(new DescribeTimeToLiveRequest { TableName = settings.Table }, cancellationToken);
            if (IsOn(described.TimeToLiveDescription))
            {
                return;
            }

            if (!environment.IsDevelopment())
            {
                LogOff(logger, settings.Table, OrderAttributes.ExpiresAt);
                return;
            }

            _ = await dynamo.UpdateTimeToLiveAsync(
                new UpdateTimeToLiveRequest
                {
                    TableName = settings.Table,
                    TimeToLiveSpecification = new() { AttributeName = OrderAttributes.ExpiresAt, Enabled = true },
                },
                cancellationToken);
        }
        catch (AmazonServiceException refusal)
        {
            // No permission, an emulator without TTL, or another instance that has just enabled it.
            LogUnknown(logger, settings.Table, refusal.Message);
        }
    }

    private static bool IsOn(TimeToLiveDescription? description) =>
        (description?.TimeToLiveStatus == TimeToLiveStatus.ENABLED || description?.TimeToLiveStatus == TimeToLiveStatus.ENABLING) &&
        description?.AttributeName == OrderAttributes.ExpiresAt;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The table {Table} has no TTL on {Attribute}: expired idempotency keys stay in it")]
    private static partial void LogOff(ILogger logger, string table, string attribute);

    [LoggerMessage(Level = LogLevel.Information, Message = "Whether the table {Table} deletes expired idempotency keys is not known: {Reason}")]
    private static partial void LogUnknown(ILogger logger, string table, string reason);
}

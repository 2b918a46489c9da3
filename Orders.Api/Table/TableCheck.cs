using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Api.Table;

/// <summary>
/// Stops the start unless the table has the right keys and a stream with both images; a DynamoDB that does
/// not answer is waited for. In Development a missing table is created. Elsewhere the table is provisioned
/// by the operator, and the service has no CreateTable permission.
/// </summary>
internal sealed partial class TableCheck(
    IAmazonDynamoDB dynamo, DynamoDbSettings settings, IHostEnvironment environment, TimeToLive timeToLive, TimeProvider time, ILogger<TableCheck> logger)
    : IStartCheck
{
    private const string Setting = "Orders__Table";

    // Creating a table takes DynamoDB some 5 to 20 s, emulators none.
    private static readonly TimeSpan ActiveLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var table = await FindAsync(cancellationToken) ?? await CreateAsync(cancellationToken);
            table = await WaitUntilActiveAsync(table, cancellationToken);
            if (TableShape.Fault(table) is var (problem, wayOut))
            {
                throw new SettingsException(Setting, problem, wayOut);
            }

            await timeToLive.EnsureAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException
            or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw Explain(failure);
        }
    }

    private async Task<TableDescription?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await dynamo.DescribeTableAsync(settings.Table, cancellationToken)).Table ?? throw new AmazonClientException("It describes no table.");
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    private async Task<TableDescription> CreateAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment())
        {
            throw new SettingsException(Setting, $"There is no table {settings.Table}.", $"Name another one, or create it: {TableShape.CreateCommand(settings.Table)}");
        }

        try
        {
            var created = await dynamo.CreateTableAsync(TableShape.Create(settings.Table), cancellationToken);
            LogCreated(logger, settings.Table);
            return created.TableDescription;
        }
        catch (ResourceInUseException)
        {
            // Another instance created the table at the same time. It is checked like any other.
            return new TableDescription { TableStatus = TableStatus.CREATING };
        }
    }

    private async Task<TableDescription> WaitUntilActiveAsync(TableDescription table, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (table.TableStatus != TableStatus.ACTIVE && table.TableStatus != TableStatus.UPDATING)
        {
            if (table.TableStatus != TableStatus.CREATING || time.GetElapsedTime(start) > ActiveLimit)
            {
                throw new SettingsException(Setting, $"The table {settings.Table} is {table.TableStatus}, not ACTIVE.", "Wait until it is, or name another one.");
            }

            await Task.Delay(BetweenLooks, time, cancellationToken);
            table = await FindAsync(cancellationToken) ?? table;
        }

        return table;
    }

    // Waiting does not give a right, nor correct a name or a key.
    private Exception Explain(Exception failure) => failure switch
    {
        AmazonServiceException { ErrorCode: "AccessDeniedException" } => new SettingsException(
            Setting,
            $"These AWS credentials may not describe the table {settings.Table}.",
            "Allow them dynamodb:DescribeTable, DescribeTimeToLive, GetItem, PutItem, UpdateItem, DeleteItem and BatchWriteItem on it.",
            failure),
        AmazonServiceException refused when DynamoDbCheck.IsRefusal(refused) || refused.ErrorCode == "ValidationException" => new SettingsException(
            Setting, $"DynamoDB does not show the table {settings.Table}: {failure.Message}", "Correct the credentials, the region or the name.", failure),
        _ when settings.Endpoint is null && settings.Region.DisplayName == "Unknown" => new SettingsException(
            "AWS_REGION", $"DynamoDB does not answer in {settings.Region.SystemName}, of which the SDK does not know ({failure.Message}).", "Correct the region.", failure),
        _ when settings.Endpoint is { } endpoint => new StoreAwayException(
            "DynamoDB", $"No DynamoDB answers at {endpoint} ({failure.Message.TrimEnd('.')}). Start one there, or correct AWS_ENDPOINT_URL_DYNAMODB.", failure),
        _ => new StoreAwayException(
            "DynamoDB", $"DynamoDB in {settings.Region.SystemName} does not answer ({failure.Message.TrimEnd('.')}). If it stays so, correct AWS_REGION, the network or the credentials.", failure),
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the table {Table} with its stream")]
    private static partial void LogCreated(ILogger logger, string table);
}

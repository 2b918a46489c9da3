using System.Globalization;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Requeueing;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Compacting;

/// <summary>
/// Takes every trace of orders out of the log, for a person's right to erasure: the days that hold them are
/// written anew without them, and so is the quarantine.
/// </summary>
internal sealed class Erasure(LogReader log, NewestOrders newest, DayRewrite rewrite, Replacements replacements, OrderStates states, Requeue quarantine, IAmazonDynamoDB dynamoDb, DynamoDbSettings table, TimeProvider time)
{
    private const int Tries = 120;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    /// <summary>The orders of a customer, in any of their versions, with their merchants. The stored state
    /// is asked, too: an erasure that was killed has left it for the last.</summary>
    /// <param name="customerId">The customer.</param>
    /// <param name="merchantId">Whose; null for any merchant's.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public async Task<IReadOnlyList<(Guid Order, string Merchant)>> OrdersOfAsync(string customerId, string? merchantId, CancellationToken cancellationToken) => await newest.QueryAsync(
        (state, changes) => $"""
        SELECT DISTINCT order_id, merchant_id
          FROM (SELECT order_id, merchant_id, customer_id FROM {changes} UNION ALL SELECT order_id, merchant_id, customer_id FROM {state})
         WHERE customer_id = '{ParquetFile.Quote(customerId)}'{(merchantId is null ? "" : $" AND merchant_id = '{ParquetFile.Quote(merchantId)}'")}
        """,
        row => (row.GetGuid(0), row.GetString(1)),
        cancellationToken);

    /// <summary>Those of the orders whose deletion has not come into the log yet: it would bring back their
    /// last item.</summary>
    public async Task<IReadOnlyList<Guid>> StillOnTheirWayAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken) => await newest.QueryAsync(
        (state, _) => $"SELECT order_id FROM {state} WHERE {Condition(orders)} AND change NOT IN ('deleted', 'vanished')",
        row => row.GetGuid(0),
        cancellationToken);

    /// <summary>Those of the orders that the table still has: they would come back with their next
    /// change.</summary>
    public async Task<IReadOnlyList<Guid>> StillThereAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken)
    {
        var there = new List<Guid>();
        foreach (var order in orders)
        {
            var answer = await dynamoDb.GetItemAsync(
                new GetItemRequest { TableName = table.Table, Key = OrderItem.Key(order), ConsistentRead = true, ProjectionExpression = OrderAttributes.Pk }, cancellationToken);
            if (answer.IsItemSet)
            {
                there.Add(order);
            }
        }

        return there;
    }

    /// <summary>Erases orders.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="told">Told of each day that is written anew.</param>
    /// <param name="cancellationToken">Stops it; run it again then.</param>
    /// <returns>How many rows and lines of the quarantine are gone, and days that could not be written anew
    /// since files of them were on their way all the time.</returns>
    public async Task<(long Rows, long Lines, IReadOnlyList<DateOnly> Left)> RunAsync(IReadOnlyList<Guid> orders, Func<DateOnly, Task> told, CancellationToken cancellationToken)
    {
        var condition = Condition(orders);
        // First what cannot be found by the customer once the log does not have it.
        var lines = await quarantine.EraseAsync(orders, cancellationToken);
        var (rows, left) = (0L, new List<DateOnly>());
        foreach (var day in await DaysAsync(condition, cancellationToken))
        {
            await told(day);
            if (await WriteAsync(day, condition, cancellationToken) is { } gone)
            {
                rows += gone;
            }
            else
            {
                left.Add(day);
            }
        }

        await replacements.ActivateWholeAsync(time, cancellationToken);
        for (var tries = 0; !await states.LeaveOutAsync(condition, cancellationToken); tries++)
        {
            if (tries == Tries)
            {
                throw new LakeException("The state of the orders was being stored all the time, and still has them. Run the command again.", isSetup: false);
            }

            await Task.Delay(BetweenTries, time, cancellationToken);
        }

        return (rows, lines, left);
    }

    private static string Condition(IReadOnlyList<Guid> orders) => $"order_id IN ({string.Join(", ", orders.Select(order => $"'{order}'"))})";

    private Task<List<DateOnly>> DaysAsync(string condition, CancellationToken cancellationToken) => log.QueryAsync(
        OrderLog.Name,
        $"SELECT DISTINCT (changed_at AT TIME ZONE 'UTC')::DATE::VARCHAR AS day FROM log WHERE {condition} ORDER BY day",
        row => DateOnly.Parse(row.GetString(0), CultureInfo.InvariantCulture),
        cancellationToken);

    // Files of today are on their way every few seconds, for a moment.
    private async Task<long?> WriteAsync(DateOnly day, string condition, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await rewrite.WriteAsync(OrderLog.Name, day, condition, cancellationToken) is { } gone)
            {
                return gone;
            }

            await Task.Delay(BetweenTries, time, cancellationToken);
            await replacements.ActivateAsync(cancellationToken);
        }

        return null;
    }
}

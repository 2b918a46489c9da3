using System.Globalization;
using System.Net;
using System.Reflection;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;
using Orders.Tests.Simulation.Machinery;
using Orders.Tests.Simulation.Table;

namespace Orders.Tests.Simulation.Writers;

/// <summary>
/// The SDK's client of DynamoDB, of which the write API uses a few operations: conditions as it states them,
/// answers that are lost, calls turned away.
/// </summary>
#pragma warning disable CA1852 // The platform makes the subtype.
internal class TableProxy : DispatchProxy
#pragma warning restore CA1852
{
    private readonly Dictionary<string, Exception?> _answered = new(StringComparer.Ordinal);
    private World _world = null!;
    private Link _link = null!;
    private GarbledAnswers _garbled = null!;
    private Func<string> _request = null!;

    /// <summary>Makes one.</summary>
    /// <param name="world">The world.</param>
    /// <param name="link">The way to the table.</param>
    /// <param name="garbled">What comes instead of its answers.</param>
    /// <param name="request">The name of the request that is being served.</param>
    public static IAmazonDynamoDB Create(World world, Link link, GarbledAnswers garbled, Func<string> request)
    {
        var client = Create<IAmazonDynamoDB, TableProxy>();
        var proxy = (TableProxy)(object)client;
        (proxy._world, proxy._link, proxy._garbled, proxy._request) = (world, link, garbled, request);
        return client;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => args switch
    {
        [GetItemRequest get, CancellationToken stop] => _link.CallAsync(() => _garbled.Read(Get(get)), stop),
        [PutItemRequest put, CancellationToken stop] => CallAsync(by => Put(put, by), stop),
        [UpdateItemRequest update, CancellationToken stop] => CallAsync(by => Update(update, by), stop),
        [TransactWriteItemsRequest { TransactItems: [{ Delete: { } delete }] } write, CancellationToken stop] => CallAsync(by => Delete(write.ClientRequestToken, delete, by), stop),
        _ => throw new NotSupportedException($"{targetMethod!.Name} is not simulated"),
    };

    private Task<T> CallAsync<T>(Func<string, T> serve, CancellationToken cancellationToken)
    {
        var by = _request();
        return _link.CallAsync(
            () => _world.LossRate > 0 && _world.Chance(0.05)
                ? throw new ProvisionedThroughputExceededException("simulated") { ErrorCode = nameof(ProvisionedThroughputExceededException), StatusCode = HttpStatusCode.BadRequest }
                : _garbled.Read(serve(by)),
            cancellationToken);
    }

    private GetItemResponse Get(GetItemRequest get) =>
        _world.Table.Find(IdOf(get.Key)) is { } found ? new() { Item = OrderTable.Attributes(found), IsItemSet = true } : new();

    private PutItemResponse Put(PutItemRequest put, string by)
    {
        var orderId = IdOf(put.Item);
        if (_world.Table.Find(orderId) is not null)
        {
            throw Refused(orderId, brings: false);
        }

        _world.Table.Write(orderId, Read(put.Item), by);
        return new();
    }

    private UpdateItemResponse Update(UpdateItemRequest update, string by)
    {
        var orderId = IdOf(update.Key);
        var values = update.ExpressionAttributeValues;
        if (_world.Table.Find(orderId) is not { } found || !Is(found, values[":from"], values[":merchant"]))
        {
            throw Refused(orderId, brings: true);
        }

        var item = OrderTable.Attributes(found);
        (item[OrderAttributes.Status], item[OrderAttributes.UpdatedAt]) = (values[":status"], values[":updated"]);
        (item[OrderAttributes.Version], item[OrderAttributes.WriteIds]) = (values[":to"], values[":marks"]);
        _world.Table.Write(orderId, Read(item), by);
        return new();
    }

    /// <summary>A transaction that comes again is answered as it was the first time.</summary>
    private TransactWriteItemsResponse Delete(string token, Delete delete, string by)
    {
        if (!_answered.TryGetValue(token, out var failure))
        {
            var orderId = IdOf(delete.Key);
            var values = delete.ExpressionAttributeValues;
            var isIt = _world.Table.Find(orderId) is { } found && (!values.TryGetValue(":version", out var version) || Is(found, version, values[":merchant"]));
            _answered[token] = failure = isIt ? null : Cancelled();
            if (isIt)
            {
                _world.Table.Write(orderId, null, by);
            }
        }

        return failure is null ? new() : throw failure;
    }

    private ItemState Read(Dictionary<string, AttributeValue> item)
    {
        var marks = item.GetValueOrDefault(OrderAttributes.WriteIds)?.S;
        marks = marks is not null && _world.Lacks(Repair.WriteMarks) ? Unknown(marks) : marks;
        return OrderItem.TryRead(item, out var order, out var fault) ? new ItemState(order, marks) : throw new InvalidOperationException(fault.ToString());
    }

    // Without marks whatever has the version is another's.
    private static string Unknown(string marks) => string.Join(' ', marks.Split(' ').Select(mark => $"{mark[..mark.IndexOf(':', StringComparison.Ordinal)]}:another"));

    private ConditionalCheckFailedException Refused(Guid orderId, bool brings) => new("The conditional request failed")
    {
        ErrorCode = nameof(ConditionalCheckFailedException),
        StatusCode = HttpStatusCode.BadRequest,
        Item = brings && _world.Table.Find(orderId) is { } found && _world.Chance(0.5) ? OrderTable.Attributes(found) : null,
    };

    private static TransactionCanceledException Cancelled() => new("Transaction cancelled")
    {
        ErrorCode = nameof(TransactionCanceledException),
        StatusCode = HttpStatusCode.BadRequest,
        CancellationReasons = [new() { Code = "ConditionalCheckFailed" }],
    };

    private static bool Is(ItemState found, AttributeValue version, AttributeValue merchant) =>
        found.Order.Version == long.Parse(version.N, CultureInfo.InvariantCulture) && found.Order.MerchantId == merchant.S;

    private static Guid IdOf(Dictionary<string, AttributeValue> item) => Guid.Parse(item[OrderAttributes.Pk].S["ORDER#".Length..]);
}

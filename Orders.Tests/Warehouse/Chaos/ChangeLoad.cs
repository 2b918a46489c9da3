using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>
/// Writers that place, change and delete orders in the table itself, many at a time. The changes of an order
/// follow each other; those of different orders go at once.
/// </summary>
/// <param name="dynamo">The engine.</param>
/// <param name="table">The table.</param>
/// <param name="seed">Makes a run the same as another.</param>
/// <param name="days">Over how many days the orders are spread, back from now.</param>
internal sealed class ChangeLoad(IAmazonDynamoDB dynamo, string table, int seed, int days)
{
    private const int Writers = 4;
    private const int BatchItems = 25;

    private static readonly string[] Currencies = ["EUR", "JPY", "KWD", "CLF", "INR"];

    private readonly Writer[] _writers = [.. Enumerable.Range(0, Writers).Select(writer => new Writer(new Random(seed + writer), days))];

    /// <summary>The changes that are written.</summary>
    public int Count => _writers.Sum(writer => writer.Count);

    /// <summary>The orders that are there.</summary>
    public int Orders => _writers.Sum(writer => writer.Live.Count);

    /// <summary>Writes at least so many changes.</summary>
    public Task RunAsync(int changes) => Task.WhenAll(_writers.Select(async writer =>
    {
        for (var written = 0; written < changes / Writers; written += BatchItems)
        {
            await WriteAsync(writer.NextBatch());
        }
    }));

    private async Task WriteAsync(List<WriteRequest> batch)
    {
        while (batch is not [])
        {
            var answer = await dynamo.BatchWriteItemAsync(new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>>(StringComparer.Ordinal) { [table] = batch }));
            batch = answer.UnprocessedItems?.GetValueOrDefault(table) ?? [];
        }
    }

    private sealed class Writer(Random random, int days)
    {
        public List<Order> Live { get; } = [];

        public int Count { get; private set; }

        // No order is twice in a batch.
        public List<WriteRequest> NextBatch()
        {
            Count += BatchItems;
            List<Order> touched = [];
            List<WriteRequest> batch = [];
            while (batch.Count < BatchItems)
            {
                var what = random.Next(100);
                if (what < 50 || Live.Count == 0)
                {
                    touched.Add(Place());
                    batch.Add(new(new PutRequest(OrderItem.From(touched[^1]))));
                    continue;
                }

                var at = random.Next(Live.Count);
                var before = Live[at];
                Live[at] = Live[^1];
                Live.RemoveAt(Live.Count - 1);
                if (what < 85)
                {
                    touched.Add(Change(before));
                    batch.Add(new(new PutRequest(OrderItem.From(touched[^1]))));
                }
                else
                {
                    batch.Add(new(new DeleteRequest(OrderItem.Key(before.OrderId))));
                }
            }

            Live.AddRange(touched);
            return batch;
        }

        private Order Place()
        {
            var placedAt = Timestamp.Truncate(TimeProvider.System.GetUtcNow().AddDays(-random.Next(days)));
            _ = Currency.TryFind(Currencies[random.Next(Currencies.Length)], out var currency);
            return new()
            {
                OrderId = Guid.CreateVersion7(placedAt),
                MerchantId = $"merchant-{random.Next(5)}",
                CustomerId = random.Next(3) == 0 ? null : $"customer-{random.Next(20)}",
                Status = OrderStatus.Placed,
                Currency = currency!,
                Amount = Money(currency!, 100_000_000_000),
                Items = [.. Enumerable.Range(1, random.Next(4)).Select(line => new OrderLine(line, $"product-{random.Next(50)}", "A \"thing\", ünïcode", random.Next(1, 4), Money(currency!, 10_000)))],
                PlacedAt = placedAt,
                UpdatedAt = placedAt,
                Version = 1,
            };
        }

        private Order Change(Order order) => order with
        {
            Status = order.Status.Next().DefaultIfEmpty(order.Status).First(),
            Amount = Money(order.Currency, 1_000_000),
            Version = order.Version + 1,
            UpdatedAt = order.UpdatedAt.AddMilliseconds(random.Next(1, 1_000)),
        };

        private decimal Money(Currency currency, long most) => currency.Scale(new decimal(random.NextInt64(1, most)) / currency.Digits switch { 0 => 1, 2 => 100, 3 => 1_000, _ => 10_000 });
    }
}

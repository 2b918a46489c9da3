using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dapper;
using Npgsql;
using Orders.Domain;
using Orders.Domain.Item;
using Orders.Tests.Query;

namespace Orders.Tests.Chaos;

/// <summary>
/// Changes orders without end, and reads them without end from every Orders.Query by turns. Each answer is
/// judged by what was known when its request began: what Postgres had committed, and what an earlier answer
/// had shown.
/// </summary>
internal sealed class WatchedOrders(IAmazonDynamoDB dynamo, string table, string postgres, IReadOnlyList<Uri> queries) : IDisposable
{
    private const int Orders = 60;
    private const int Writers = 4;
    private const int Readers = 8;
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly Watched[] _orders = [.. Enumerable.Range(0, Orders).Select(_ => new Watched(Sample.Order(version: 1)))];
    private readonly HttpClient[] _clients = [.. queries.Select(query => new HttpClient
    {
        BaseAddress = query,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("foo:bar"u8)) },
    })];

    private long _reads;
    private long _fromRedis;
    private long _unanswered;

    public long Reads => Interlocked.Read(ref _reads);

    public long FromRedis => Interlocked.Read(ref _fromRedis);

    /// <summary>503, or no answer at all.</summary>
    public long Unanswered => Interlocked.Read(ref _unanswered);

    /// <summary>What is done to the system now, for the words of a violation.</summary>
    public string Fault { get; set; } = "nothing";

    /// <summary>
    /// Answers older than what Postgres had committed before the request, however short before.
    /// </summary>
    public ConcurrentQueue<string> BehindTheFeed { get; } = [];

    /// <summary>Answers older than what Postgres had committed a second before the request.</summary>
    public ConcurrentQueue<string> Stale { get; } = [];

    /// <summary>
    /// Answers older than one that was complete before the request; while Redis is flushed, if older by more
    /// than a second, too.
    /// </summary>
    public ConcurrentQueue<string> Backward { get; } = [];

    public async Task RunAsync(CancellationToken stop)
    {
        foreach (var order in _orders)
        {
            await PutAsync(order.Order);
        }

        await Task.WhenAll(
            Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, stop))
                .Concat(Enumerable.Range(0, Readers).Select(reader => Task.Run(() => ReadAsync(new Random(reader), stop), CancellationToken.None)))
                .Append(FollowAsync(stop)));
    }

    /// <summary>Whether every Orders.Query shows every order as it was last written.</summary>
    public async Task<bool> AreCurrentAsync()
    {
        for (var query = 0; query < _clients.Length; query++)
        {
            foreach (var order in _orders)
            {
                if ((await GetAsync(order, query))?.Version != order.Order.Version)
                {
                    return false;
                }
            }
        }

        return true;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task WriteAsync(int writer, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var order in _orders.Where((_, place) => place % Writers == writer))
            {
                order.Order = order.Order with { Version = order.Order.Version + 1, UpdatedAt = Timestamp.Truncate(TimeProvider.System.GetUtcNow()) };
                await PutAsync(order.Order);
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private Task<PutItemResponse> PutAsync(Order order) => dynamo.PutItemAsync(table, OrderItem.From(order), CancellationToken.None);

    /// <summary>What Postgres has committed, over a connection that nobody cuts.</summary>
    private async Task FollowAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync(CancellationToken.None);
        var watched = _orders.ToDictionary(order => order.Order.OrderId);
        while (!stop.IsCancellationRequested)
        {
            foreach (var (orderId, version) in await connection.QueryAsync<(Guid, long)>("SELECT order_id, version FROM orders"))
            {
                watched[orderId].Committed(version);
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task ReadAsync(Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (order, query) = (_orders[random.Next(Orders)], random.Next(_clients.Length));
            var (shown, committed, longCommitted) = order.Known(Tolerance);
            var fault = Fault;
            if (await GetAsync(order, query) is not { } answer)
            {
                Interlocked.Increment(ref _unanswered);
                await Task.Delay(5, CancellationToken.None);
                continue;
            }

            Interlocked.Increment(ref _reads);
            Interlocked.Add(ref _fromRedis, answer.ServedBy == "redis" ? 1 : 0);
            var words = $"{fault}: Orders.Query {query} gave {answer.Version} from {answer.ServedBy}, shown {shown}, committed {committed}, a second before {longCommitted}";
            // A flush in the milliseconds of a commit may leave what was before it for less than a second:
            // that is told as behind, not judged.
            Judge(answer.Version < shown && (answer.Version < longCommitted || !fault.Contains("flushed", StringComparison.Ordinal)), Backward, words);
            Judge(answer.Version < committed, BehindTheFeed, words);
            Judge(answer.Version < longCommitted, Stale, words);
            order.Shown(answer.Version);
        }
    }

    private async Task<(long Version, string ServedBy)?> GetAsync(Watched order, int query)
    {
        try
        {
            using var answer = await _clients[query].GetAsync($"/v1/orders/{order.Order.OrderId}", CancellationToken.None);
            if (answer.StatusCode == HttpStatusCode.NotFound)
            {
                return (0, "nowhere");
            }

            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            var servedBy = answer.Headers.GetValues("X-Served-By").Single();
            return (long.Parse(answer.Headers.ETag!.Tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture), servedBy);
        }
        catch (Exception gone) when (gone is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static void Judge(bool isViolated, ConcurrentQueue<string> violations, string words)
    {
        if (isViolated)
        {
            violations.Enqueue(words);
        }
    }

    /// <summary>An order, and what is known of it.</summary>
    private sealed class Watched(Order order)
    {
        private readonly Lock _lock = new();
        private readonly Queue<(long At, long Version)> _young = [];
        private long _shown;
        private long _committed;
        private long _longCommitted;

        public Order Order { get; set; } = order;

        public void Shown(long version)
        {
            lock (_lock)
            {
                _shown = Math.Max(_shown, version);
            }
        }

        public void Committed(long version)
        {
            lock (_lock)
            {
                if (version > _committed)
                {
                    _committed = version;
                    _young.Enqueue((Stopwatch.GetTimestamp(), version));
                }
            }
        }

        public (long Shown, long Committed, long LongCommitted) Known(TimeSpan tolerance)
        {
            lock (_lock)
            {
                while (_young.TryPeek(out var oldest) && Stopwatch.GetElapsedTime(oldest.At) >= tolerance)
                {
                    _longCommitted = _young.Dequeue().Version;
                }

                return (_shown, _committed, _longCommitted);
            }
        }
    }
}

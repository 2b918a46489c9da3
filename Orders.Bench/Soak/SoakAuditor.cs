using System.Globalization;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using DuckDB.NET.Data;
using Npgsql;
using StackExchange.Redis;

namespace Orders.Bench.Soak;

/// <summary>Reads every store with nothing but its own client, and compares them order by order. It shares
/// no code with the services.</summary>
/// <param name="dynamo">The address of DynamoDB.</param>
/// <param name="table">The table.</param>
/// <param name="postgres">The read model.</param>
/// <param name="redis">The address of Redis.</param>
/// <param name="views">The file of the warehouse's views.</param>
internal sealed class SoakAuditor(string dynamo, string table, string postgres, string redis, string views)
{
    private const int ShownFaults = 20;

    /// <summary>Compares the stores with each other and with what was accepted.</summary>
    /// <param name="accepted">Each accepted order, and whether its deletion was asked for.</param>
    /// <returns>What each store has, and what is wrong; nothing when all agree.</returns>
    public async Task<(string Counts, IReadOnlyList<string> Faults)> CompareAsync(IReadOnlyDictionary<string, bool> accepted)
    {
        var truth = await ReadDynamoAsync();
        var faults = new List<string>();
        faults.AddRange(accepted.Where(order => !order.Value && !truth.ContainsKey(order.Key)).Select(order => $"dynamodb: {order.Key} was accepted and is not there"));
        faults.AddRange(truth.Keys.Where(id => !accepted.ContainsKey(id)).Select(id => $"dynamodb: {id} was never accepted"));

        var rows = await ReadPostgresAsync();
        Compare("postgres", truth, rows, faults);
        var versions = await ReadVersionsAsync();
        faults.AddRange(truth.Where(order => versions.GetValueOrDefault(order.Key) != order.Value.Version).Select(order => $"postgres: {order.Key} has {versions.GetValueOrDefault(order.Key)} versions of {order.Value.Version}"));
        faults.AddRange(await CountTotalsAsync(truth));

        var cached = await ReadRedisAsync();
        faults.AddRange(cached.Where(order => !truth.TryGetValue(order.Key, out var own) || own != order.Value).Select(order => $"redis: {order.Key} is {order.Value} and {Text(truth, order.Key)} in DynamoDB"));

        var (newest, changes, distinct) = await ReadWarehouseAsync();
        Compare("warehouse", truth, newest, faults);
        var history = versions.Values.Sum();
        if (changes != distinct || changes != history)
        {
            faults.Add($"warehouse: {changes} changes, {distinct} of them different, and {history} in Postgres");
        }

        return ($"dynamodb {truth.Count}, postgres {rows.Count} with {history} versions, redis {cached.Count}, warehouse {newest.Count} with {changes} changes", [.. faults.Take(ShownFaults)]);
    }

    private static void Compare(string store, Dictionary<string, StoredOrder> truth, Dictionary<string, StoredOrder> found, List<string> faults)
    {
        faults.AddRange(truth.Where(order => !found.TryGetValue(order.Key, out var own) || own != order.Value).Select(order => $"{store}: {order.Key} is {Text(found, order.Key)} and {order.Value} in DynamoDB"));
        faults.AddRange(found.Keys.Where(id => !truth.ContainsKey(id)).Select(id => $"{store}: {id} is not in DynamoDB"));
    }

    private static string Text(Dictionary<string, StoredOrder> orders, string id) => orders.TryGetValue(id, out var order) ? $"{order}" : "absent";

    private async Task<Dictionary<string, StoredOrder>> ReadDynamoAsync()
    {
        using var client = new AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = dynamo, AuthenticationRegion = "us-east-1" });
        var orders = new Dictionary<string, StoredOrder>(StringComparer.Ordinal);
        var scan = new ScanRequest { TableName = table, ConsistentRead = true };
        do
        {
            var page = await client.ScanAsync(scan);
            foreach (var item in page.Items.Where(item => item["pk"].S.StartsWith("ORDER#", StringComparison.Ordinal)))
            {
                orders[item["order_id"].S] = new(item["merchant_id"].S, item["status"].S, Number(item["amount"].N), (long)Number(item["version"].N));
            }

            scan.ExclusiveStartKey = page.LastEvaluatedKey;
        }
        while (scan.ExclusiveStartKey is { Count: > 0 });

        return orders;
    }

    private async Task<Dictionary<string, StoredOrder>> ReadPostgresAsync()
    {
        var orders = new Dictionary<string, StoredOrder>(StringComparer.Ordinal);
        await foreach (var row in ReadAsync("SELECT order_id::text, merchant_id, status, amount, version FROM orders"))
        {
            orders.Add(row.GetString(0), new(row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetInt64(4)));
        }

        return orders;
    }

    private async Task<Dictionary<string, long>> ReadVersionsAsync()
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var row in ReadAsync("SELECT order_id::text, count(*) FROM order_history GROUP BY 1"))
        {
            versions.Add(row.GetString(0), row.GetInt64(1));
        }

        return versions;
    }

    // The hourly totals, against a sum over DynamoDB by merchant: every order of a soak is in one currency.
    private async Task<IReadOnlyList<string>> CountTotalsAsync(Dictionary<string, StoredOrder> truth)
    {
        var sums = truth.Values.Where(order => order.Status != "cancelled").GroupBy(order => order.Merchant, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => ((long)group.Count(), group.Sum(order => order.Amount)), StringComparer.Ordinal);
        var faults = new List<string>();
        await foreach (var row in ReadAsync("SELECT merchant_id, sum(orders)::bigint, sum(amount) FROM hourly_totals GROUP BY 1"))
        {
            var found = (row.GetInt64(1), row.GetDecimal(2));
            if (sums.GetValueOrDefault(row.GetString(0)) != found)
            {
                faults.Add($"postgres: the totals of {row.GetString(0)} are {found} and should be {sums.GetValueOrDefault(row.GetString(0))}");
            }
        }

        return faults;
    }

    private async IAsyncEnumerable<NpgsqlDataReader> ReadAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader;
        }
    }

    // Of each order that has a body there; a key without one marks a deletion.
    private async Task<Dictionary<string, StoredOrder>> ReadRedisAsync()
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync($"{redis},allowAdmin=true");
        var orders = new Dictionary<string, StoredOrder>(StringComparer.Ordinal);
        await foreach (var key in connection.GetServers()[0].KeysAsync(connection.GetDatabase().Database, pattern: "orders:*:order:*", pageSize: 1_000))
        {
            if (await connection.GetDatabase().HashGetAsync(key, "b") is { HasValue: true } body)
            {
                using var order = JsonDocument.Parse((byte[])body!);
                var root = order.RootElement;
                orders[root.GetProperty("order_id").GetString()!] =
                    new(root.GetProperty("merchant_id").GetString()!, root.GetProperty("status").GetString()!, root.GetProperty("amount").GetDecimal(), root.GetProperty("version").GetInt64());
            }
        }

        return orders;
    }

    private async Task<(Dictionary<string, StoredOrder> Newest, long Changes, long Distinct)> ReadWarehouseAsync()
    {
        await using var connection = new DuckDBConnection($"Data Source={views};ACCESS_MODE=READ_ONLY");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT order_id::VARCHAR, merchant_id, status, amount::VARCHAR, version FROM orders_current";
        var orders = new Dictionary<string, StoredOrder>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                orders.Add(reader.GetString(0), new(reader.GetString(1), reader.GetString(2), Number(reader.GetString(3)), reader.GetInt64(4)));
            }
        }

        command.CommandText = "SELECT count(*), count(DISTINCT (shard, sequence)) FROM orders_changes WHERE change IN ('placed', 'changed', 'deleted')";
        await using var counted = await command.ExecuteReaderAsync();
        await counted.ReadAsync();
        return (orders, counted.GetInt64(0), counted.GetInt64(1));
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}

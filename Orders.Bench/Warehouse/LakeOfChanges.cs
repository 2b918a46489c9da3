using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Extensions.DependencyInjection;
using Orders.Bench.Stores;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Embedded;
using Orders.Warehouse.Ledger;

namespace Orders.Bench.Warehouse;

/// <summary>A lake with many changes, made by SQL, and the third seed's table with the changes of its last
/// days.</summary>
internal sealed class LakeOfChanges : IAsyncDisposable
{
    public const int Size = 10_000_000;
    public const int RivalDays = 3;

    private const int QuickSize = 60_000;
    private const int Days = 30;
    private const int Merchants = 200;

    // In ten orders: three are placed, three paid, three shipped, and one is cancelled. That is two changes
    // each.
    private const int ChangesOfOrder = 2;

    private readonly BenchFolder _folder;
    private readonly BenchDatabase _database;
    private readonly DuckDBConnection _duck;

    private LakeOfChanges(BenchFolder folder, BenchDatabase database, DuckDBConnection duck) => (_folder, _database, _duck) = (folder, database, duck);

    /// <summary>Its changes.</summary>
    public long Changes { get; private init; }

    /// <summary>The bytes of its files.</summary>
    public long Bytes { get; private init; }

    /// <summary>Makes both.</summary>
    public static async Task<LakeOfChanges> MakeAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var folder = new BenchFolder();
        var database = await context.Engines.CreateDatabaseAsync(cancellationToken);
        var orders = (context.Settings.Quick ? QuickSize : Size) / ChangesOfOrder / Days;
        using (var making = new DuckDBConnection("DataSource=:memory:;threads=2;memory_limit=2GB"))
        {
            making.Open();
            Execute(making, "SET TimeZone = 'UTC'");
            for (var day = 0; day < Days; day++)
            {
                await Task.Run(() => MakeDay(making, folder.Path, day, orders), cancellationToken);
            }

            MakeMerchants(making, folder.Path);
            await FillRivalAsync(making, folder.Path, database, cancellationToken);
        }

        await using var app = OurLake.Build(context.Engines, database, folder.Path);
        var began = Stopwatch.GetTimestamp();
        await StoreStateAsync(app.Services, database, folder.Path, cancellationToken);
        context.Tell("warehouse", $"the state of the orders is stored ({Stopwatch.GetElapsedTime(began).TotalSeconds:0} s)");
        var views = ViewDatabase.FileOf(await app.Services.GetRequiredService<ViewDatabase>().RefreshAsync(cancellationToken));
        var duck = new DuckDBConnection($"DataSource={views};access_mode=READ_ONLY;threads=2");
        duck.Open();
        return new(folder, database, duck)
        {
            Changes = (long)Scalar(duck, "SELECT count(*) FROM orders_changes")!,
            Bytes = Directory.EnumerateFiles(folder.Path, "0-made-*.parquet", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
        };
    }

    /// <summary>Asks the views.</summary>
    /// <returns>The time to the last row, and the processor time of all threads.</returns>
    public (TimeSpan Elapsed, TimeSpan Processor) Ask(string sql)
    {
        var (began, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        using var command = _duck.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        return rows > 0 ? (Stopwatch.GetElapsedTime(began), Environment.CpuUsage.TotalTime - used) : throw new InvalidOperationException($"No row is the answer of {sql}");
    }

    /// <summary>Asks the table.</summary>
    public async Task<TimeSpan> AskRivalAsync(string sql, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await using var command = _database.Source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            rows++;
        }

        return rows > 0 ? Stopwatch.GetElapsedTime(began) : throw new InvalidOperationException($"No row is the answer of {sql}");
    }

    public async ValueTask DisposeAsync()
    {
        _duck.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    private static void MakeDay(DuckDBConnection duck, string folder, int day, int orders)
    {
        var midnight = DateOf(day);
        var path = Directory.CreateDirectory(Path.Combine(folder, "orders_changes", string.Create(CultureInfo.InvariantCulture, $"day={midnight:yyyy-MM-dd}"))).FullName;
        var first = day * orders;
        // Places of a stream are those of time: changes of an order are as many orders apart.
        Execute(duck, string.Create(CultureInfo.InvariantCulture, $"""
            COPY (
                WITH placed AS (
                    SELECT i, (hash(i) >> 2)::BIGINT AS h, TIMESTAMPTZ '{midnight:yyyy-MM-dd} 00:00:00+00' + to_milliseconds((i - {first}) * 64800000 // {orders}) AS placed_at
                      FROM range({first}, {first + orders}) AS r (i)),
                versions AS (
                    SELECT *, unnest(CASE WHEN h % 10 < 3 THEN [1] WHEN h % 10 < 6 OR h % 10 = 9 THEN [1, 2] ELSE [1, 2, 3] END) AS version FROM placed)
                SELECT md5(i::VARCHAR)::UUID AS order_id, version::BIGINT AS version, CASE version WHEN 1 THEN 'placed' ELSE 'changed' END AS change,
                       'merchant-' || (h % {Merchants}) AS merchant_id, 'customer-' || (h // 1000 % 100000) AS customer_id,
                       CASE WHEN version = 1 THEN 'placed' WHEN version = 3 THEN 'shipped' WHEN h % 10 = 9 THEN 'cancelled' ELSE 'paid' END AS status,
                       ['INR', 'USD', 'EUR'][1 + h // 7 % 3] AS currency, (h % 1000000 / 100)::DECIMAL(20,8) AS amount,
                       list_transform(range(1 + (h // 11 % 3)::BIGINT), n -> struct_pack(
                           product_id := 'product-' || (h % {Merchants} * 10 + (h // 13 + n * 17) % 10), product_name := 'Product number ' || (h % {Merchants} * 10 + (h // 13 + n * 17) % 10),
                           quantity := (1 + h // 17 % 3)::BIGINT, unit_price := ((h // 13 + n * 17) % 2000 + 0.5)::DECIMAL(20,8))) AS items,
                       placed_at, placed_at + to_seconds((version - 1) * (60 + h // 19 % 9000)) AS changed_at, date_trunc('second', changed_at) AS streamed_at,
                       'stream' AS source, 'shard-1' AS shard, lpad((i * 4 + version)::VARCHAR, 40, '0') AS sequence, false AS is_ttl,
                       '{"{"}"pk":{"{"}"S":"ORDER#' || order_id || '"{"}"},"version":{"{"}"N":"' || version || '"{"}"}{"}"}' AS item
                  FROM versions)
              TO '{path}/0-made-{day}.parquet' (FORMAT parquet, COMPRESSION zstd)
            """));
    }

    private static void MakeMerchants(DuckDBConnection duck, string folder)
    {
        var path = Directory.CreateDirectory(Path.Combine(folder, "merchants_changes", string.Create(CultureInfo.InvariantCulture, $"day={DateOf(0):yyyy-MM-dd}"))).FullName;
        Execute(duck, $"""
            COPY (
                SELECT 'insert' AS _change, '["merchant-' || n || '"]' AS _key, lpad(n::VARCHAR, 16, '0') AS _lsn, 0::BIGINT AS _ordinal, now() AS _committed_at, n::BIGINT AS _xid, NULL::VARCHAR AS _row,
                       'merchant-' || n AS id, 'Merchant ' || n AS name, ['IN', 'US', 'DE', 'FR'][1 + n % 4] AS country, 'basic' AS plan
                  FROM range({Merchants}) AS r (n))
              TO '{path}/0-made.parquet' (FORMAT parquet, COMPRESSION zstd)
            """);
    }

    // As the service does after the files of each day: the ledger has them, and the state of the orders is
    // stored.
    private static async Task StoreStateAsync(IServiceProvider services, BenchDatabase database, string folder, CancellationToken cancellationToken)
    {
        await LedgerMigrations.All.ApplyAsync(database.Source, cancellationToken);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "orders_changes"), "0-made-*.parquet", SearchOption.AllDirectories))
        {
            using var duck = new DuckDBConnection("DataSource=:memory:");
            duck.Open();
            var rows = (long)Scalar(duck, $"SELECT count(*) FROM '{file}'")!;
            var (day, name) = (Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileName(file));
            await database.ExecuteAsync(
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO warehouse.files (path, log, day, generation, source, first_place, last_place, state, rows, live_at) VALUES ('orders_changes/{day}/{name}', 'orders_changes', '{day[4..]}', 0, 'made', '', '', 'live', {rows}, now())"),
                cancellationToken);
        }

        var states = services.GetRequiredService<OrderStates>();
        await states.RefreshAsync(leastRows: 0, cancellationToken);
        await Task.Delay(ReplacementPace.Default.BeforeMarker, TimeProvider.System, cancellationToken);
        await states.CleanAsync(cancellationToken);
    }

    private static async Task FillRivalAsync(DuckDBConnection duck, string folder, BenchDatabase database, CancellationToken cancellationToken)
    {
        await JsonTable.CreateAsync(database, cancellationToken);
        await database.ExecuteAsync($"CREATE TABLE merchants AS SELECT 'merchant-' || n AS id, 'Merchant ' || n AS name, ('{{IN,US,DE,FR}}'::text[])[1 + n % 4] AS country FROM generate_series(0, {Merchants - 1}) AS n", cancellationToken);
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        for (var day = Days - RivalDays; day < Days; day++)
        {
            var csv = Path.Combine(folder, "day.csv");
            await Task.Run(
                () => Execute(duck, $"""
                    COPY (SELECT change, order_id, version, merchant_id, customer_id, status, currency, amount::DOUBLE, to_json(items), placed_at, changed_at
                            FROM read_parquet('{folder}/orders_changes/*/0-made-{day}.parquet', hive_partitioning = false))
                      TO '{csv}' (FORMAT csv, HEADER false)
                    """),
                cancellationToken);
            await JsonTable.CopyAsync(connection, "COPY changes FROM STDIN (FORMAT csv)", csv, cancellationToken);
            File.Delete(csv);
        }

        await database.ExecuteAsync("ANALYZE changes", cancellationToken);
    }

    private static DateTime DateOf(int day) => TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(day - Days);

    private static void Execute(DuckDBConnection duck, string sql) => _ = Scalar(duck, sql);

    private static object? Scalar(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

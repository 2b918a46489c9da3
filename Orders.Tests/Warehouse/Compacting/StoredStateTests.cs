using System.Globalization;
using Orders.Tests.Engines;
using Orders.Tests.Warehouse.Embedded;
using Orders.Tests.Warehouse.Store;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Logs;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Compacting;

/// <summary>
/// The views answer alike, whether the newest state of the orders is stored or is sought among all changes.
/// </summary>
public sealed class StoredStateTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>, IAsyncLifetime
{
    private const string Columns = "right(order_id::VARCHAR, 3), version, change, status, amount::VARCHAR, len(items), epoch(updated_at), epoch(placed_at), epoch(paid_at), epoch(shipped_at), epoch(cancelled_at)";
    private const string Newest = $"SELECT {Columns} FROM orders_newest ORDER BY ALL";
    private const string Lines = "SELECT count(*), sum(quantity * unit_price)::VARCHAR FROM order_items_current";

    private readonly ViewLake _lake = new();

    public async ValueTask InitializeAsync() => await fixture.ExecuteAsync("TRUNCATE warehouse.files, warehouse.log_days, warehouse.order_states");

    public ValueTask DisposeAsync()
    {
        _lake.Dispose();
        return ValueTask.CompletedTask;
    }

    // Orders are changed, deleted and placed anew; the stream has lost changes, which snapshots found, or
    // found to be deletions; files come in any order, as after a requeue.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whatever_changes_come_in_whatever_order(int seed)
    {
        var random = new Random(seed);
        var files = ChangesOf(random).Chunk(7).ToList();
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(files));
        using var plain = new ViewLake();
        var number = 0;
        foreach (var file in files)
        {
            await AddAsync($"0-{number++:000}", file);
            plain.Write($"0-{number:000}", file);
            if (random.Next(3) == 0)
            {
                await RefreshAsync();
            }
        }

        (await _lake.AskAsync(Newest)).ShouldBe(await plain.AskAsync(Newest));
        (await _lake.AskAsync(Lines)).ShouldBe(await plain.AskAsync(Lines));
        (await plain.AskAsync("SELECT count(*) FROM orders_newest WHERE change IN ('deleted', 'vanished')")).ShouldNotBe(["0"]);
    }

    [Fact]
    public async Task What_is_stored_is_not_sought_again()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"), ViewLake.Change(1, 2, 11, status: "paid"), ViewLake.Change(2, 1, 12, "placed", "placed"));
        await RefreshAsync();
        var before = await _lake.AskAsync(Newest);

        // A reader needs none of the files that are in the state.
        await File.WriteAllTextAsync(_lake.PathOf("0-a.parquet"), "PAR1");
        File.Delete(_lake.PathOf("0-a.parquet"));

        before.Count.ShouldBe(2);
        (await _lake.AskAsync(Newest)).ShouldBe(before);
    }

    [Fact]
    public async Task A_day_that_was_put_together_is_still_in_the_state()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));
        await AddAsync("0-b", ViewLake.Change(1, 2, 11, amount: "20"));
        var first = await RefreshAsync();
        var pace = new ReplacementPace(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        var rewrite = new DayRewrite(fixture.Database, _lake.Store);
        await rewrite.WriteAsync("orders_changes", new(2026, 11, 30), leaveOut: null, default);
        await new Replacements(fixture.Database, _lake.Store, pace).ActivateAsync(default);

        var second = await RefreshAsync(leastRows: 1);

        second.Number.ShouldBeGreaterThan(first.Number);
        second.Files.ShouldBe(first.Files, "only what it covers has other names");
        second.Covers.ShouldContain(path => path.Contains("-compact-", StringComparison.Ordinal));
        (await _lake.AskAsync("SELECT amount::VARCHAR FROM orders_current")).ShouldBe(["20.00000000"]);
        (await States().CleanAsync(default)).ShouldBe(1);
        (await _lake.AskAsync("SELECT amount::VARCHAR FROM orders_current")).ShouldBe(["20.00000000"]);
    }

    [Fact]
    public async Task A_state_whose_maker_is_killed_never_counts_and_is_swept()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));
        await RefreshAsync();
        await AddAsync("0-b", ViewLake.Change(1, 2, 11, amount: "20"));
        var broken = new BreakingLake(_lake.Store) { AfterPut = path => path.Contains("-rows-", StringComparison.Ordinal) ? throw new IOException("killed") : Task.CompletedTask };
        await Should.ThrowAsync<IOException>(() => States(broken).RefreshAsync(leastRows: 0, default));

        (await _lake.AskAsync("SELECT amount::VARCHAR FROM orders_current")).ShouldBe(["20.00000000"]);
        await RefreshAsync();
        await States().CleanAsync(default);

        Names().Count(name => name.EndsWith("-covers.parquet", StringComparison.Ordinal)).ShouldBe(2, "that of the schema and the newest one");
        (await fixture.ScalarAsync("SELECT string_agg(state, ',') FROM warehouse.order_states")).ShouldBe("live");
        (await _lake.AskAsync("SELECT amount::VARCHAR FROM orders_current")).ShouldBe(["20.00000000"]);
    }

    [Fact]
    public async Task A_state_that_counts_is_live_even_if_its_maker_is_killed_before_the_ledger_knows()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));
        var broken = new BreakingLake(_lake.Store) { AfterPut = path => path.EndsWith("-covers.parquet", StringComparison.Ordinal) ? throw new IOException("killed") : Task.CompletedTask };
        await Should.ThrowAsync<IOException>(() => States(broken).RefreshAsync(leastRows: 0, default));
        (await fixture.ScalarAsync("SELECT string_agg(state, ',') FROM warehouse.order_states")).ShouldBe("noted");

        var state = await RefreshAsync();

        state.Rows.ShouldBe(1);
        (await fixture.ScalarAsync("SELECT string_agg(state, ',') FROM warehouse.order_states")).ShouldBe("live");
        (await fixture.ScalarAsync("SELECT bool_and(is_covered) FROM warehouse.files")).ShouldBe(true);
    }

    [Fact]
    public async Task A_truncated_file_stops_it_and_the_state_stays()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));
        var first = await RefreshAsync();
        await AddAsync("0-b", ViewLake.Change(2, 1, 11, "placed", "placed"), ViewLake.Change(3, 1, 12, "placed", "placed"));
        _lake.Write("0-b", ViewLake.Change(2, 1, 11, "placed", "placed"));

        var refused = await Should.ThrowAsync<LakeException>(() => RefreshAsync());

        refused.Message.ShouldContain("hold 1 changes and the ledger says 2");
        _lake.Write("0-b", ViewLake.Change(2, 1, 11, "placed", "placed"), ViewLake.Change(3, 1, 12, "placed", "placed"));
        (await RefreshAsync()).Rows.ShouldBe(3);
        first.Rows.ShouldBe(1);
    }

    [Theory]
    [InlineData("*-rows-*", true)]
    [InlineData("*-files.parquet", true)]
    [InlineData("*-covers.parquet", false)]
    [InlineData("*", false)]
    public async Task A_state_that_lost_a_file_is_never_taken_for_whole_and_is_made_anew_by_itself(string lost, bool isTold)
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"), ViewLake.Change(2, 1, 11, "placed", "placed"));
        await AddAsync("0-b", ViewLake.Change(1, 2, 12, amount: "20"));
        await RefreshAsync();
        foreach (var file in Directory.GetFiles(Path.Combine(_lake.Folder, LakePaths.State), lost).Where(file => lost == "*" || !Path.GetFileName(file).StartsWith("0000000000-", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        if (isTold)
        {
            var told = await Should.ThrowAsync<DuckDB.NET.Data.DuckDBException>(() => _lake.AskAsync(Newest));
            told.Message.ShouldContain("The stored state of the orders lacks");
            told.Message.ShouldContain(". Put it back, or store the state once more: compact --state-anew");
        }
        else
        {
            (await _lake.AskAsync("SELECT count(*) FROM orders_newest")).ShouldBe(["2"]);
        }

        // A day is put together meanwhile: then only the list of what is covered would have been written
        // again.
        await new DayRewrite(fixture.Database, _lake.Store).WriteAsync("orders_changes", new(2026, 11, 30), leaveOut: null, default);
        await new Replacements(fixture.Database, _lake.Store, new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)).ActivateAsync(default);
        (await RefreshAsync(leastRows: 1)).Rows.ShouldBe(2);
        await States().CleanAsync(default);

        (await _lake.AskAsync("SELECT count(*), sum(amount)::VARCHAR FROM orders_newest")).ShouldBe(["2|30.00000000"]);
    }

    [Fact]
    public async Task A_state_that_is_made_anew_and_killed_is_made_anew_by_the_next()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));
        await RefreshAsync();
        var broken = new BreakingLake(_lake.Store) { BeforePut = _ => throw new IOException("killed") };
        await Should.ThrowAsync<IOException>(() => States(broken).RebuildAsync(default));
        (await _lake.AskAsync("SELECT count(*) FROM orders_newest")).ShouldBe(["1"]);

        (await RefreshAsync(leastRows: 1)).Rows.ShouldBe(1);
        (await fixture.ScalarAsync("SELECT bool_and(is_covered) FROM warehouse.files")).ShouldBe(true);
    }

    [Fact]
    public async Task What_comes_while_a_state_is_stored_is_left_to_the_next()
    {
        await AddAsync("0-000", ViewLake.Change(0, 1, 1, "placed", "placed"));
        var more = 0;
        var busy = new BreakingLake(_lake.Store)
        {
            AfterPut = path => path.Contains("-rows-", StringComparison.Ordinal) ? AddAsync($"0-{++more:000}", ViewLake.Change(more, 1, 10 * more, "placed", "placed")) : Task.CompletedTask,
        };

        (await States(busy).RefreshAsync(leastRows: 0, default)).ShouldNotBeNull().Rows.ShouldBe(1);

        (await _lake.AskAsync("SELECT count(*) FROM orders_newest")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task Orders_that_are_forgotten_leave_the_state_too()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"), ViewLake.Change(2, 1, 11, "placed", "placed"), ViewLake.Change(2, 2, 12, "deleted"));
        await RefreshAsync();

        (await States().LeaveOutAsync($"order_id = '{ViewLake.Id(2)}'", default)).ShouldBeTrue();
        await States().CleanAsync(default);

        LakeReading.Scalar($"SELECT count(*) FROM read_parquet('{ParquetFile.Quote(ViewPattern())}') WHERE order_id = '{ViewLake.Id(2)}'").ShouldBe("0");
        (await _lake.AskAsync("SELECT right(order_id::VARCHAR, 1) FROM orders_newest")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_lake_that_is_no_folder_has_its_state_in_the_mirror_too()
    {
        using var local = new TempFolder();
        var remote = new RemoteFolder(_lake.Folder);
        using var mirror = new LakeMirror(remote, local.In("mirror"), ["orders_changes/", "orders_state/"], TimeProvider.System);
        using var views = new Orders.Warehouse.Embedded.ViewDatabase(remote, mirror);
        var states = new OrderStates(fixture.Database, remote, mirror, new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), TimeProvider.System);
        for (var n = 1; n <= 3; n++)
        {
            await AddAsync($"0-{n}", ViewLake.Change(n, 1, 10 * n, "placed", "placed"), ViewLake.Change(1, n + 1, (10 * n) + 1, amount: $"{n}"));
            (await states.RefreshAsync(leastRows: 0, default)).ShouldNotBeNull().Rows.ShouldBe(n);
            var folder = await views.RefreshAsync(default);
            LakeReading.Query("SELECT count(*), max(version), min(amount)::VARCHAR FROM orders_current", Orders.Warehouse.Embedded.ViewDatabase.FileOf(folder)).Single()[..2].ShouldBe([$"{n}", $"{n + 1}"]);
            await states.CleanAsync(default);
        }

        await views.RefreshAsync(default);
        Directory.EnumerateFiles(Path.Combine(mirror.Folder, LakePaths.State), "*-rows-*").Count().ShouldBe(2, "that of the schema and the newest one");
    }

    [Fact]
    public async Task Readers_that_ask_all_the_time_see_every_change_while_states_come()
    {
        const int Orders = 25;
        await AddAsync("0-000", ViewLake.Change(0, 1, 1, "placed", "placed"));
        await _lake.Views.RefreshAsync(default);
        var known = 1;
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            using var connection = _lake.Open(apart: reader == 1);
            var (asked, wrong) = (0, new List<string>());
            while (!stop.IsCancellationRequested)
            {
                var before = Volatile.Read(ref known);
                var answer = ViewLake.Ask(connection, "SELECT count(*), sum(version) FROM orders_newest").Single().Split('|');
                var after = Volatile.Read(ref known) + 1;
                var (orders, changes) = (int.Parse(answer[0], CultureInfo.InvariantCulture), int.Parse(answer[1], CultureInfo.InvariantCulture));
                // Each file has a new order, and a new version of the first one.
                if (orders < before || orders > after || changes != (2 * orders) - 1)
                {
                    wrong.Add($"{before} ≤ {orders} ≤ {after}, {changes}");
                }

                asked++;
            }

            return (asked, wrong);
        })).ToList();

        for (var n = 1; n < Orders; n++)
        {
            await AddAsync($"0-{n:000}", ViewLake.Change(n, 1, 10 * n, "placed", "placed"), ViewLake.Change(0, n + 1, (10 * n) + 1));
            Volatile.Write(ref known, n + 1);
            await RefreshAsync();
        }

        await stop.CancelAsync();
        foreach (var (asked, wrong) in await Task.WhenAll(readers))
        {
            asked.ShouldBeGreaterThan(1);
            wrong.ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Few_changes_are_joined_and_not_stored()
    {
        await AddAsync("0-a", ViewLake.Change(1, 1, 10, "placed", "placed"));

        (await RefreshAsync(leastRows: 2)).Number.ShouldBe(0);
        await AddAsync("0-b", ViewLake.Change(2, 1, 11, "placed", "placed"));
        (await RefreshAsync(leastRows: 2)).Rows.ShouldBe(2);
    }

    private static List<string> ChangesOf(Random random)
    {
        string[] statuses = ["placed", "paid", "shipped", "cancelled"];
        var (changes, place) = (new List<string>(), 1);
        for (var order = 0; order < 40; order++)
        {
            // What the stream has of it, and a snapshot or two; a part of the stream is lost.
            var (versions, isSnapshot, isLossy) = (random.Next(1, 7), random.Next(3) > 0, random.Next(2) == 0);
            for (var version = 1; version <= versions; version++)
            {
                var (at, isLast) = (string.Create(CultureInfo.InvariantCulture, $"{10 + (place / 60)}:{place % 60:00}"), version == versions);
                var (status, amount) = (statuses[random.Next(4)], random.Next(1, 900).ToString(CultureInfo.InvariantCulture));
                if (!(isSnapshot && isLossy) || random.Next(2) == 0)
                {
                    changes.Add(ViewLake.Change(order, version, place, (version, isLast && random.Next(3) == 0) switch { (1, _) => "placed", (_, true) => "deleted", _ => "changed" }, status, amount, at));
                }

                for (var found = random.Next(3); isSnapshot && found > 0; found--)
                {
                    changes.Add(ViewLake.Change(order, version, sequence: null, isLast && isLossy && version > 1 ? "vanished" : "found", status, amount, at));
                }

                place++;
            }

            // Deleted and placed anew: the versions begin again.
            for (var version = 1; !isSnapshot && version < random.Next(4); version++)
            {
                changes.Add(ViewLake.Change(order, version, place++, "changed", statuses[random.Next(4)], "7", "23:00"));
            }
        }

        return changes;
    }

    private async Task AddAsync(string name, params string[] changes)
    {
        _lake.Write(name, changes);
        await fixture.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            INSERT INTO warehouse.log_days (log, day) VALUES ('orders_changes', '2026-11-30') ON CONFLICT DO NOTHING;
            INSERT INTO warehouse.files (path, log, day, generation, source, first_place, last_place, state, rows, live_at)
            VALUES ('orders_changes/day=2026-11-30/{name}.parquet', 'orders_changes', '2026-11-30', 0, 'test', '', '', 'live', {changes.Length}, clock_timestamp())
            """));
    }

    private async Task<Orders.Warehouse.Ledger.StoredState> RefreshAsync(long leastRows = 0) => (await States().RefreshAsync(leastRows, default)).ShouldNotBeNull();

    private OrderStates States(ILakeStore? store = null) => new(fixture.Database, store ?? _lake.Store, _lake.Mirror, new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), TimeProvider.System);

    private List<string> Names() => [.. Directory.EnumerateFiles(Path.Combine(_lake.Folder, LakePaths.State)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private string ViewPattern() => $"{Orders.Warehouse.Embedded.ViewScript.Pattern(_lake.Folder)}/{LakePaths.State}/*-rows-*.parquet";
}

using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>Wherever the writer ends, each change is in the lake once.</summary>
public sealed class KilledWriterTests(TestEngines engines)
{
    private const string Counters = "CREATE TABLE counters (id int PRIMARY KEY, n int); INSERT INTO counters SELECT n, 0 FROM generate_series(1, 25) AS n";

    [Theory]
    [InlineData(nameof(TableStep.Noted))]
    [InlineData(nameof(TableStep.Written))]
    [InlineData(nameof(TableStep.Registered))]
    [InlineData(nameof(TableStep.SlotMade))]
    [InlineData(nameof(TableStep.SnapshotPart))]
    public async Task Each_change_is_there_once(string step)
    {
        await using var lab = await TablesLab.CreateAsync(engines, Counters);
        var kills = new Kills(Enum.Parse<TableStep>(step));
        await using var first = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "counters", kills.ReachedAsync, fileRows: 10);
        await lab.StreamsAsync();
        for (var n = 1; n <= 12; n++)
        {
            await lab.ExecuteAsync($"UPDATE counters SET n = {n}");
            await lab.ExecuteAsync($"INSERT INTO counters SELECT {n} * 1000 + n, 0 FROM generate_series(1, 33) AS n; DELETE FROM counters WHERE id > 1000");
        }

        await lab.CaughtUpAsync();

        kills.Count.ShouldBeGreaterThan(0);
        await ShouldHaveEachOnceAsync(lab);
    }

    [Fact]
    public async Task A_later_instance_writes_the_range_that_an_ended_one_noted()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Counters);
        var frozen = new TaskCompletionSource();
        await using (var first = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "counters", step => step == TableStep.Written && lab.Changes("counters").Count > 25 ? frozen.Task : Task.CompletedTask, fileRows: 10))
        {
            await lab.StreamsAsync();
            await lab.ExecuteAsync("UPDATE counters SET n = 1");
            await Eventually.HoldsAsync(() => Task.FromResult(lab.Changes("counters").Count > 25));
            frozen.TrySetException(new IOException("killed"));
        }

        (await lab.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state = 'noted'")).ShouldBeGreaterThan(0);
        var noted = await lab.ScalarAsync<string>("SELECT string_agg(path, ',' ORDER BY path) FROM warehouse.files WHERE state = 'noted'");
        for (var n = 2; n <= 12; n++)
        {
            await lab.ExecuteAsync($"UPDATE counters SET n = {n}");
            await lab.ExecuteAsync($"INSERT INTO counters SELECT {n} * 1000 + n, 0 FROM generate_series(1, 33) AS n; DELETE FROM counters WHERE id > 1000");
        }

        await using var second = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "counters", fileRows: 100_000);
        await lab.StreamsAsync();
        await lab.CaughtUpAsync();
        (await lab.ScalarAsync<string>($"SELECT string_agg(path, ',' ORDER BY path) FROM warehouse.files WHERE state = 'live' AND path = ANY (string_to_array('{noted}', ','))")).ShouldBe(noted);
        lab.Log("counters", "count(*), count(DISTINCT (_lsn, _ordinal))", "WHERE _change = 'update'").Single().ShouldBe(["300", "300"]);
    }

    [Fact]
    public async Task An_instance_that_lost_its_lease_registers_nothing()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Counters);
        var (reached, thawed) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var first = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "counters", step => step == TableStep.Written && lab.Changes("counters").Count > 25 && reached.TrySetResult() ? thawed.Task : Task.CompletedTask);
        await lab.StreamsAsync();
        await lab.ExecuteAsync("UPDATE counters SET n = 1");
        await reached.Task;

        // The first one is frozen with its file in the lake.
        var second = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "counters");
        await using (second)
        {
            await Eventually.HoldsAsync(async () =>
            {
                await lab.ExecuteAsync("UPDATE warehouse.slots SET held_until = '-infinity' WHERE epoch = 1");
                return await lab.ScalarAsync<bool>("SELECT epoch > 1 FROM warehouse.slots");
            });
            await lab.ExecuteAsync("UPDATE counters SET n = 2");
            await lab.CaughtUpAsync();
            thawed.SetResult();
            await Eventually.HoldsAsync(() => Task.FromResult(first.State.Phase.StartsWith("waits", StringComparison.Ordinal)));
            lab.Log("counters", "count(*), count(DISTINCT (_lsn, _ordinal))", "WHERE _change = 'update'").Single().ShouldBe(["50", "50"]);
            (await lab.ScalarAsync<long>("SELECT sum(changes)::bigint FROM warehouse.sql_tables")).ShouldBe(75);
        }
    }

    [Fact]
    public async Task Every_transaction_of_a_lost_lease_is_refused()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Counters);
        var names = new SlotNames(lab.Database);
        var leases = new SlotLeases(lab.Database, names, TimeProvider.System);
        var lost = await leases.AcquireAsync(() => { }, CancellationToken.None);
        await leases.ReleaseAsync(lost, CancellationToken.None);
        var mine = await leases.AcquireAsync(() => { }, CancellationToken.None);
        var ledger = new TablesLedger(lab.Database, names);

        await ledger.MadeAsync(mine, 16, 1, CancellationToken.None);
        (await Should.ThrowAsync<PostgresException>(ledger.MadeAsync(lost, 32, 1, CancellationToken.None))).SqlState.ShouldBe(TablesLedger.LeaseLost);

        (await ledger.ReadSlotAsync(CancellationToken.None)).MadeLsn.ShouldBe(16UL);
        (await leases.RenewAsync(lost, caughtUpAt: null, CancellationToken.None)).ShouldBeNull();
    }

    private static async Task ShouldHaveEachOnceAsync(TablesLab lab)
    {
        lab.Log("counters", "count(*), count(DISTINCT (_lsn, _ordinal))", "WHERE _change = 'update'").Single().ShouldBe(["300", "300"]);
        lab.Log("counters", "count(*), count(DISTINCT (_lsn, _ordinal))", "WHERE _change = 'insert'").Single().ShouldBe(["396", "396"]);
        lab.Log("counters", "count(*), count(DISTINCT (_lsn, _ordinal))", "WHERE _change = 'delete'").Single().ShouldBe(["396", "396"]);
        lab.Log("counters", "count(*), count(DISTINCT _key)", "WHERE _change = 'found'").Single().ShouldBe(["25", "25"]);
        // The files by their names alone are those of the ledger.
        lab.Log("counters", "DISTINCT filename", "ORDER BY 1").Count.ShouldBe((int)await lab.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state = 'live'"));
        (await lab.ScalarAsync<long>("SELECT count(*) FROM warehouse.files WHERE state <> 'live'")).ShouldBe(0);
        lab.Log("counters", "n", "WHERE _change <> 'insert' AND id <= 25 ORDER BY _lsn DESC, _ordinal DESC LIMIT 25").ShouldAllBe(row => row[0] == "12");
    }

    private sealed class Kills(TableStep at)
    {
        private int _reached;
        private int _count;

        public int Count => _count;

        // Some of the times, so that it goes on in between.
        public Task ReachedAsync(TableStep step) =>
            step == at && Interlocked.Increment(ref _reached) is 1 or 3 or 7 && step == at && Interlocked.Increment(ref _count) > 0 ? Task.FromException(new IOException("killed")) : Task.CompletedTask;
    }
}

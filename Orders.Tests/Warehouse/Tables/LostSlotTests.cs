using System.Diagnostics.Metrics;
using Orders.Tests.Engines;
using Orders.Tests.Query;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>A slot that is lost is told and healed, and what was deleted meanwhile arrives.</summary>
public sealed class LostSlotTests(TestEngines engines)
{
    private const string Merchants = "CREATE TABLE merchants (id text PRIMARY KEY, name text); INSERT INTO merchants VALUES ('m1', 'one'), ('m2', 'two'), ('m3', 'three')";
    private const string Drop = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()";
    private const string Meanwhile = "DELETE FROM merchants WHERE id = 'm1'; UPDATE merchants SET name = 'zwei' WHERE id = 'm2'; INSERT INTO merchants VALUES ('m4', 'four')";

    private static readonly string[] Healed = ["""found ["m1"]""", """found ["m2"]""", """found ["m3"]""", """found ["m2"]""", """found ["m4"]""", """vanished ["m1"]""", """delete ["m3"]"""];

    [Fact]
    public async Task One_that_was_dropped_is_made_again()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants"))
        {
            await lab.StreamsAsync();
        }

        await Eventually.HoldsAsync(() => lab.ScalarAsync<bool>("SELECT NOT bool_or(active) FROM pg_replication_slots WHERE database = current_database()"));
        await lab.ExecuteAsync(Drop);
        await lab.ExecuteAsync(Meanwhile);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await ShouldHealAsync(lab, instance, "missing");
    }

    [Fact]
    public async Task One_that_is_dropped_while_it_is_read_is_made_again()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await lab.StreamsAsync();

        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await lab.ExecuteAsync("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE database = current_database()");
                await lab.ExecuteAsync("BEGIN; " + Drop + "; " + Meanwhile + "; COMMIT");
                return true;
            }
            catch (Npgsql.PostgresException busy) when (busy.SqlState is Npgsql.PostgresErrorCodes.ObjectInUse or Npgsql.PostgresErrorCodes.UndefinedObject)
            {
                return false;
            }
        });
        await ShouldHealAsync(lab, instance, "missing");
    }

    [Fact]
    public async Task A_publication_that_was_dropped_is_made_again()
    {
        await using var lab = await TablesLab.CreateAsync(engines, Merchants);
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants"))
        {
            await lab.StreamsAsync();
        }

        await lab.ExecuteAsync("DROP PUBLICATION orders_warehouse");
        await lab.ExecuteAsync(Meanwhile);
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await ShouldHealAsync(lab, instance, "publication");
    }

    [Fact]
    public async Task One_that_became_invalid_since_nobody_read_it_is_told_apart()
    {
        await using var postgres = await OwnPostgres.StartAsync("max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB");
        await using var lab = await TablesLab.CreateAsync(postgres.ConnectionString, Merchants);
        await using (await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants"))
        {
            await lab.StreamsAsync();
        }

        await lab.ExecuteAsync(Meanwhile);
        for (var segment = 0; segment < 4; segment++)
        {
            await lab.ExecuteAsync("SELECT pg_logical_emit_message(false, 'filler', 'x')");
            await lab.ExecuteAsync("SELECT pg_switch_wal()");
        }

        await lab.ExecuteAsync("CHECKPOINT");
        (await lab.ScalarAsync<string>("SELECT wal_status FROM pg_replication_slots")).ShouldBe("lost");
        using var gaps = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "orders.warehouse.slot.gaps")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
        };
        var counted = 0L;
        gaps.SetMeasurementEventCallback<long>((_, count, tags, _) => counted += tags[0].Value is "invalidated" ? count : 0);
        gaps.Start();
        await using var instance = await TablesInstance.StartAsync(lab.Postgres, lab.Lake, "merchants");
        await ShouldHealAsync(lab, instance, "invalidated");
        counted.ShouldBe(1);
        (await lab.ScalarAsync<string>("SELECT detail FROM warehouse.slot_gaps")).ShouldContain("(wal_removed)");
    }

    private static async Task ShouldHealAsync(TablesLab lab, TablesInstance instance, string reason)
    {
        await Eventually.HoldsAsync(() => lab.ScalarAsync<bool>("SELECT count(*) = 1 AND bool_and(healed_at IS NOT NULL) FROM warehouse.slot_gaps"));
        await lab.StreamsAsync();
        await lab.ExecuteAsync("DELETE FROM merchants WHERE id = 'm3'");
        await lab.CaughtUpAsync();

        lab.Changes("merchants").Order().ShouldBe(Healed.Order());
        lab.Changes("merchants")[^1].ShouldBe("""delete ["m3"]""");
        lab.Log("merchants", "name, _row", "WHERE _change = 'vanished'").Single().ShouldBe(["one", """{"id":"m1","name":"one"}"""]);
        (await lab.ScalarAsync<string>("SELECT concat_ws(' ', reason, found, vanished) FROM warehouse.slot_gaps")).ShouldBe($"{reason} 2 1");
        var status = (await instance.Status.ReadAsync(CancellationToken.None))!;
        status.Gaps.ShouldSatisfyAllConditions(gaps => gaps.All.ShouldBe(1), gaps => gaps.Open.ShouldBe(0), gaps => gaps.LastReason.ShouldBe(reason));
        status.ShouldSatisfyAllConditions(
            slot => slot.Active.ShouldBeTrue(), slot => slot.WalStatus.ShouldBe("reserved"), slot => slot.BytesBehind.ShouldNotBeNull(), slot => slot.SecondsBehind.ShouldNotBeNull(), slot => slot.LastChangeAt.ShouldNotBeNull());
    }
}

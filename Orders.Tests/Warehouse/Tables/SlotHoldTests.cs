using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Tests.Engines;
using Orders.Warehouse.Tables;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Tables;

/// <summary>The lease of the slot, and the session that watches for the end of Postgres.</summary>
public sealed class SlotHoldTests(TestEngines engines)
{
    [Fact]
    public async Task Work_that_ends_while_the_watch_begins_leaves_no_answer_in_the_session_for_its_next_user()
    {
        await using var lab = await TablesLab.CreateAsync(engines, "SELECT 1");
        // One session, which whoever comes next takes over. Renewals of the lease have another.
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(lab.Postgres) { MaxPoolSize = 1 }.ConnectionString);
        var names = new SlotNames(database);
        var hold = new SlotHold(database, new SlotLeases(lab.Database, names, TimeProvider.System), new TablesState(TimeProvider.System), TimeProvider.System, NullLogger<SlotHold>.Instance);
        var ledger = new TablesLedger(database, names);
        // Other tests send, too.
        var isMine = new AsyncLocal<bool>();
        for (var round = 0; round < 3; round++)
        {
            (await ledger.ReadTablesAsync(CancellationToken.None)).ShouldBeEmpty();
            using var held = new CancellationTokenSource();
            // At the first bytes that it sends: among them is what resets the session.
            using var sending = new MeterListener { InstrumentPublished = Listen };
            sending.SetMeasurementEventCallback<long>((_, _, _, _) =>
            {
                if (isMine.Value)
                {
                    held.Cancel();
                }
            });
            sending.Start();
            isMine.Value = true;

            await hold.KeepAsync(new(names.Slot, 1), held);
            isMine.Value = false;
        }

        (await ledger.ReadTablesAsync(CancellationToken.None)).ShouldBeEmpty();

        static void Listen(Instrument instrument, MeterListener listener)
        {
            if (instrument is { Name: "db.client.operation.npgsql.bytes_written" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }
}

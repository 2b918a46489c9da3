using DuckDB.NET.Data;
using Orders.Warehouse.Embedded;
using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Embedded;

public sealed class ReplacementViewTests : IDisposable
{
    private const string Sum = "SELECT count(*), sum(amount)::VARCHAR, count(DISTINCT sequence) FROM orders_changes";

    private readonly ViewLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task At_every_step_of_a_compaction_each_change_is_there_once()
    {
        _lake.Write("0-a", Change(1, 1, 1, "placed", amount: "1"), Change(1, 2, 2, amount: "2"));
        _lake.Write("0-b", Change(2, 1, 3, "placed", amount: "4"));
        (await _lake.AskAsync(Sum)).ShouldBe(["3|7.00000000|3"]);

        _lake.Write("1-compact-00000", Change(1, 1, 1, "placed", amount: "1"), Change(1, 2, 2, amount: "2"), Change(2, 1, 3, "placed", amount: "4"));
        (await _lake.AskAsync(Sum)).ShouldBe(["3|7.00000000|3"], "the marker is not there");
        _lake.Write("1-c", Change(3, 1, 4, "placed", amount: "8"));
        (await _lake.AskAsync(Sum)).ShouldBe(["4|15.00000000|4"]);
        await MarkAsync(1);
        (await _lake.AskAsync(Sum)).ShouldBe(["4|15.00000000|4"], "the marker is there");
        File.Delete(_lake.PathOf("0-a.parquet"));
        (await _lake.AskAsync(Sum)).ShouldBe(["4|15.00000000|4"]);

        _lake.Write("2-compact-00000", Change(1, 1, 1, "placed", amount: "1"), Change(1, 2, 2, amount: "2"), Change(2, 1, 3, "placed", amount: "4"), Change(3, 1, 4, "placed", amount: "8"));
        (await _lake.AskAsync(Sum)).ShouldBe(["4|15.00000000|4"], "the next one is not marked");
        await MarkAsync(2);
        (await _lake.AskAsync(Sum)).ShouldBe(["4|15.00000000|4"]);
        // A compaction that was given up, and another day.
        _lake.Write("3-compact-00000", Change(9, 1, 9, "placed"));
        _lake.WriteTo("orders_changes/day=2026-12-01/0-a.parquet", Change(4, 1, 5, "placed", amount: "16"));
        (await _lake.AskAsync(Sum)).ShouldBe(["5|31.00000000|5"]);
    }

    [Fact]
    public async Task Two_readers_that_ask_all_the_time_see_no_compaction()
    {
        for (var file = 0; file < 20; file++)
        {
            _lake.Write($"0-{file:00}", Change(file, 1, file + 1, "placed", amount: "1"));
        }

        await _lake.Views.RefreshAsync(default);
        using var stop = new CancellationTokenSource();
        var asked = new[] { 0, 0 };
        var readers = Enumerable.Range(0, 2).Select(each => Task.Run(() =>
        {
            using var reader = _lake.Open();
            var answers = new HashSet<string>();
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    answers.UnionWith(Ask(reader, Sum));
                }
                catch (DuckDBException gone) when (QueryFaults.Of(gone.Message).Fault == QueryFault.Gone)
                {
                    // Listed before a replaced file was deleted, opened after it: no answer, and none that
                    // is wrong.
                }

                Interlocked.Increment(ref asked[each]);
            }

            return answers;
        })).ToList();
        for (var generation = 1; generation <= 5; generation++)
        {
            await SomeAsync();
            _lake.WriteTo("beside.parquet", [.. Enumerable.Range(0, 20).Select(order => Change(order, 1, order + 1, "placed", amount: "1"))]);
            File.Move(Path.Combine(_lake.Folder, "beside.parquet"), _lake.PathOf($"{generation}-compact-00000.parquet"));
            await SomeAsync();
            await MarkAsync(generation);
            // The replaced files stay for as long as a query may have them on its list.
            await SomeAsync();
            foreach (var old in Directory.EnumerateFiles(_lake.PathOf(""), "*.parquet").Where(file => !Path.GetFileName(file).StartsWith($"{generation}-", StringComparison.Ordinal)).ToList())
            {
                File.Delete(old);
            }
        }

        await SomeAsync();
        await stop.CancelAsync();
        foreach (var reader in readers)
        {
            (await reader).ShouldBe(["20|20.00000000|20"]);
        }

        // Until each reader has asked from the beginning to the end of two queries.
        async Task SomeAsync()
        {
            var wanted = asked.Select(count => count + 2).ToArray();
            await Eventually.HoldsAsync(() => Task.FromResult((Volatile.Read(ref asked[0]) >= wanted[0] && Volatile.Read(ref asked[1]) >= wanted[1]) || readers.Exists(reader => reader.IsCompleted)));
        }
    }

    private Task MarkAsync(int generation) => File.WriteAllBytesAsync(_lake.PathOf($"replaced-by-{generation}"), []);
}

using Orders.Tests.Engines;
using Orders.Tests.Warehouse.Tables;
using Orders.Warehouse.Compacting;
using Orders.Warehouse.Store;
using Shouldly;

namespace Orders.Tests.Warehouse.Redshift;

/// <summary>SQL tables, the logs of their changes, and a Postgres in the place of Redshift.</summary>
internal sealed class RedshiftTablesLab : IAsyncDisposable
{
    private TablesInstance? _instance;

    private RedshiftTablesLab(TablesLab lab, TablesInstance instance, RedshiftBench redshift) => (Lab, _instance, Redshift) = (lab, instance, redshift);

    public TablesLab Lab { get; }

    public RedshiftBench Redshift { get; }

    public static async Task<RedshiftTablesLab> CreateAsync(TestEngines engines, string sql, string tables)
    {
        var lab = await TablesLab.CreateAsync(engines, sql);
        var made = new RedshiftTablesLab(lab, await TablesInstance.StartAsync(lab.Postgres, lab.Lake, tables), await RedshiftBench.CreateAsync(engines, lab.Database, lab.Lake));
        await lab.StreamsAsync();
        return made;
    }

    /// <summary>Changes a table, until its log has that.</summary>
    public async Task ChangeAsync(params string[] statements)
    {
        foreach (var sql in statements)
        {
            await Lab.ExecuteAsync(sql);
        }

        await Lab.CaughtUpAsync();
    }

    /// <summary>Waits until a table's log has the state of each row.</summary>
    public async Task AlterAsync(string sql, string logged)
    {
        await Lab.ExecuteAsync(sql);
        await Eventually.HoldsAsync(() => Task.FromResult(Lab.Log("merchants", "1", $"WHERE {logged}").Count > 0));
        await Lab.StreamsAsync();
        await Lab.CaughtUpAsync();
    }

    /// <summary>Compacts what a table's log has.</summary>
    public async Task CompactAsync(string table)
    {
        var lake = new FolderLake(Lab.Lake, TimeProvider.System);
        foreach (var day in Directory.GetDirectories(Path.Combine(Lab.Lake, $"{table}_changes")))
        {
            (await new DayRewrite(Lab.Database, lake).WriteAsync($"{table}_changes", DateOnly.Parse(day[^10..], System.Globalization.CultureInfo.InvariantCulture), leaveOut: null, default)).ShouldNotBeNull();
        }

        var replacements = new Replacements(Lab.Database, lake, new(TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero));
        await replacements.ActivateAsync(default);
        await replacements.CleanAsync(default);
    }

    /// <summary>Redshift has each row of the table, and each change of its log once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its columns, as SQL that both sides read.</param>
    public async Task IsTheTableAsync(string table, string columns)
    {
        await using var command = Lab.Database.CreateCommand($"SELECT coalesce(string_agg(concat_ws(' ', {columns}), E'\\n' ORDER BY concat_ws(' ', {columns})), '') FROM {table}");
        (await Redshift.QueryAsync($"SELECT coalesce(string_agg(concat_ws(' ', {columns}), E'\\n' ORDER BY concat_ws(' ', {columns})), '') FROM lake.{table}_current")).ShouldBe([(string)(await command.ExecuteScalarAsync())!]);
        (await Redshift.QueryAsync($"SELECT _change || ' ' || coalesce(_key, '') || ' ' || _lsn || ' ' || _ordinal || ' ' || coalesce(_row, '') FROM lake.{table}_changes ORDER BY _lsn, _ordinal"))
            .ShouldBe(Lab.Log(table, "_change || ' ' || coalesce(_key, '') || ' ' || _lsn || ' ' || _ordinal || ' ' || coalesce(_row, '')").Select(row => row[0]));
    }

    /// <summary>Stops the instance that reads the tables.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _instance, null) is { } instance)
        {
            await instance.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Redshift.DisposeAsync();
        await Lab.DisposeAsync();
    }
}

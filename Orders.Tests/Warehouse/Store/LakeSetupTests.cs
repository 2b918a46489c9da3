using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Settings;
using Orders.Tests.Engines;
using Orders.Tests.ServiceDefaults;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

public sealed class LakeSetupTests(TestS3 s3) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_made_at_the_start_and_needs_no_copy()
    {
        await using var service = await StartAsync(new(StringComparer.Ordinal) { ["Orders:Warehouse:Lake"] = _folder.In("lake") });

        Directory.Exists(_folder.In("lake")).ShouldBeTrue();
        service.App.Services.GetRequiredService<ILakeStore>().ShouldBeOfType<FolderLake>().Folder.ShouldBe(_folder.In("lake"));
        service.App.Services.GetRequiredService<LakeMirror>().Folder.ShouldBe(_folder.In("lake"));
    }

    [Fact]
    public async Task A_lake_in_S3_is_copied_to_the_cache_with_the_tables_of_SQL()
    {
        var bucket = await s3.NewBucketAsync();
        await using var service = await StartAsync(new(bucket.Settings, StringComparer.Ordinal)
        {
            ["Orders:Warehouse:Cache"] = _folder.In("cache"),
            ["Orders:Warehouse:SqlTables"] = "merchants, sales.refunds",
        });
        var (store, mirror) = (service.App.Services.GetRequiredService<ILakeStore>(), service.App.Services.GetRequiredService<LakeMirror>());
        await File.WriteAllTextAsync(_folder.In("content"), "content");
        string[] wanted = ["merchants_changes/day=2026-11-30/0-a.parquet", "orders_changes/day=2026-11-30/0-a.parquet", "orders_changes/day=2026-11-30/replaced-by-3", "refunds_changes/day=2026-11-30/0-a.parquet"];
        foreach (var path in (string[])[.. wanted, "quarantine/orders/a.ndjson", "other_changes/day=2026-11-30/0-a.parquet"])
        {
            await store.PutAsync(path, _folder.In("content"), CancellationToken.None);
        }

        await mirror.RefreshAsync(CancellationToken.None);

        store.Name.ShouldBe($"s3://{bucket.Name}/lake");
        mirror.Folder.ShouldStartWith(_folder.In("cache"));
        Files(mirror.Folder).ShouldBe(wanted);
        await store.DeleteAsync([wanted[0], wanted[2]], CancellationToken.None);
        await mirror.RefreshAsync(CancellationToken.None);
        Files(mirror.Folder).ShouldBe([wanted[1], wanted[3]]);
    }

    [Fact]
    public async Task A_lake_that_cannot_be_used_stops_the_start_in_one_line()
    {
        await File.WriteAllTextAsync(_folder.In("file"), "");
        (await Should.ThrowAsync<SettingsException>(() => StartAsync(new(StringComparer.Ordinal) { ["Orders:Warehouse:Lake"] = _folder.In("file") }))).Message.ShouldContain("' is a file.");
        var bucket = await s3.NewBucketAsync();

        var failure = await Should.ThrowAsync<SettingsException>(() => StartAsync(new(bucket.Settings, StringComparer.Ordinal) { ["Orders:Warehouse:Lake"] = "s3://not-there" }));

        failure.Setting.ShouldBe("Orders__Warehouse__Lake");
        failure.Message.ShouldContain("has no bucket 'not-there'");
        failure.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_all_named_before_anything_is_asked()
    {
        var failure = await Should.ThrowAsync<SettingsException>(() => StartAsync(new(StringComparer.Ordinal)
        {
            ["Orders:Warehouse:Lake"] = "s3://bucket",
            ["Orders:Warehouse:FileRows"] = "none",
            ["AWS_ENDPOINT_URL_S3"] = "nowhere",
        }));

        failure.All.Select(each => each.Setting).ShouldBe(["Orders__Warehouse__FileRows", "AWS_ENDPOINT_URL_S3"], ignoreOrder: true);
    }

    private static Task<TestService> StartAsync(Dictionary<string, string?> settings) => TestService.StartAsync(settings: settings, add: builder =>
    {
        builder.Services.AddSettings(WarehouseSettings.Read);
        builder.AddLake();
    });

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal);
}

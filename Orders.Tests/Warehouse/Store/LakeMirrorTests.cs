using Orders.Tests.Engines;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

public sealed class LakeMirrorTests : IDisposable
{
    private const string Day = "orders_changes/day=2026-11-30/";

    private readonly TempFolder _far = new();
    private readonly TempFolder _near = new();
    private readonly RemoteFolder _store;
    private readonly LakeMirror _mirror;

    public LakeMirrorTests()
    {
        _store = new(_far.Path);
        _mirror = NewMirror(_store);
    }

    public void Dispose()
    {
        _mirror.Dispose();
        _far.Dispose();
        _near.Dispose();
    }

    [Fact]
    public async Task What_is_missing_is_downloaded_once_and_what_is_gone_is_deleted()
    {
        _store.Put(Day + "0-a.parquet", "a");
        _store.Put(Day + "0-b.parquet", "bb");
        _store.Put("quarantine/orders/day=2026-11-30/0-a.ndjson", "not wanted");
        await _mirror.RefreshAsync(CancellationToken.None);
        await _mirror.RefreshAsync(CancellationToken.None);
        _store.Downloads.ShouldBe(2);

        _store.Delete(Day + "0-a.parquet");
        _store.Put(Day + "0-c.parquet", "c");
        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "0-b.parquet", "bb"), (Day + "0-c.parquet", "c")]);
        _store.Downloads.ShouldBe(3);
    }

    [Fact]
    public async Task An_object_that_was_replaced_is_downloaded_again()
    {
        var noon = new DateTime(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);
        _store.Put(Day + "0-a.parquet", "old", noon);
        _store.Put(Day + "0-b.parquet", "old", noon);
        await _mirror.RefreshAsync(CancellationToken.None);

        _store.Put(Day + "0-a.parquet", "longer", noon);
        _store.Put(Day + "0-b.parquet", "new", noon.AddMinutes(1));
        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "0-a.parquet", "longer"), (Day + "0-b.parquet", "new")]);
    }

    [Fact]
    public async Task A_marker_comes_after_the_files_that_the_store_had_before_it_even_if_the_listing_missed_them()
    {
        _store.Put(Day + "0-a.parquet", "a");
        await _mirror.RefreshAsync(CancellationToken.None);
        // The page with the files was sent before the compaction wrote its own, the page with the marker
        // after.
        _store.Listed = (number, page) =>
        {
            if (number == 2)
            {
                _store.Put(Day + "3-compact-a.parquet", "compact");
                _store.Put(Day + "replaced-by-3", "");
                page.Add(new(Day + "replaced-by-3", 0));
            }

            return Task.CompletedTask;
        };
        _store.Downloading = path =>
        {
            Near().ShouldContain(each => each.Path == Day + "0-a.parquet");
            if (LakePath.IsMarker(path))
            {
                Near().ShouldContain(each => each.Path == Day + "3-compact-a.parquet");
            }

            return Task.CompletedTask;
        };

        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "0-a.parquet", "a"), (Day + "3-compact-a.parquet", "compact"), (Day + "replaced-by-3", "")]);
    }

    [Fact]
    public async Task A_download_that_fails_keeps_the_marker_and_the_deletions_away()
    {
        _store.Put(Day + "0-a.parquet", "a");
        await _mirror.RefreshAsync(CancellationToken.None);
        _store.Delete(Day + "0-a.parquet");
        _store.Put(Day + "3-compact-a.parquet", "compact");
        _store.Put(Day + "replaced-by-3", "");
        _store.Downloading = path => path.EndsWith("3-compact-a.parquet", StringComparison.Ordinal) ? throw new LakeException("S3 fails.", isSetup: false) : Task.CompletedTask;

        await Should.ThrowAsync<LakeException>(() => _mirror.RefreshAsync(CancellationToken.None));
        Near().ShouldBe([(Day + "0-a.parquet", "a")]);
        _store.Downloading = null;
        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "3-compact-a.parquet", "compact"), (Day + "replaced-by-3", "")]);
    }

    [Fact]
    public async Task A_compaction_that_ends_between_two_listings_loses_nothing_on_the_way()
    {
        _store.Put(Day + "0-a.parquet", "a");
        await _mirror.RefreshAsync(CancellationToken.None);
        _store.Put(Day + "3-compact-a.parquet", "3");
        _store.Put(Day + "replaced-by-3", "");
        _store.Listed = (number, _) =>
        {
            if (number == 2)
            {
                _store.Put(Day + "5-compact-a.parquet", "5");
                _store.Put(Day + "replaced-by-5", "");
                _store.Delete(Day + "0-a.parquet");
                _store.Delete(Day + "3-compact-a.parquet");
            }

            return Task.CompletedTask;
        };
        _store.Downloading = path =>
        {
            Near().ShouldContain((Day + "0-a.parquet", "a"));
            if (path == Day + "replaced-by-3")
            {
                Near().ShouldContain((Day + "replaced-by-5", ""));
            }

            return Task.CompletedTask;
        };

        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "5-compact-a.parquet", "5"), (Day + "replaced-by-3", ""), (Day + "replaced-by-5", "")]);
    }

    [Fact]
    public async Task A_listed_object_that_is_gone_makes_the_listing_too_old()
    {
        _store.Put(Day + "0-a.parquet", "a");
        _store.Downloading = path =>
        {
            if (path.EndsWith("0-a.parquet", StringComparison.Ordinal))
            {
                _store.Put(Day + "3-compact-a.parquet", "a");
                _store.Put(Day + "replaced-by-3", "");
                _store.Delete(Day + "0-a.parquet");
            }

            return Task.CompletedTask;
        };

        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "3-compact-a.parquet", "a"), (Day + "replaced-by-3", "")]);
    }

    [Fact]
    public async Task A_store_whose_objects_are_never_there_is_a_failure()
    {
        _store.Listed = (_, page) =>
        {
            page.Add(new(Day + "0-none.parquet", 1));
            return Task.CompletedTask;
        };

        (await Should.ThrowAsync<LakeException>(() => _mirror.RefreshAsync(CancellationToken.None))).IsSetup.ShouldBeFalse();
    }

    [Fact]
    public async Task What_another_process_downloads_meanwhile_stays()
    {
        _store.Put(Day + "0-a.parquet", "a");
        using var other = NewMirror(new RemoteFolder(_far.Path));
        _store.Listed = async (_, _) =>
        {
            _store.Put(Day + "0-b.parquet", "b");
            await other.RefreshAsync(CancellationToken.None);
        };

        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "0-a.parquet", "a"), (Day + "0-b.parquet", "b")]);
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_a_refresh_that_began_after_each_had_asked()
    {
        _store.Put(Day + "0-a.parquet", "a");
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Listed = (number, _) =>
        {
            first.TrySetResult();
            return number == 1 ? go.Task : Task.CompletedTask;
        };
        var refreshes = new List<Task> { _mirror.RefreshAsync(CancellationToken.None) };
        await first.Task;

        refreshes.AddRange(Enumerable.Range(0, 9).Select(_ => _mirror.RefreshAsync(CancellationToken.None)));
        _store.Put(Day + "0-b.parquet", "b");
        go.SetResult();
        await Task.WhenAll(refreshes);

        _store.Listings.ShouldBe(2);
        Near().Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("orders_changes/../../out.parquet")]
    [InlineData("orders_changes/day=2026-11-30/")]
    [InlineData("orders_changes//a.parquet")]
    public async Task A_key_that_leads_out_of_the_folder_is_left_alone(string key)
    {
        _store.Put(Day + "0-a.parquet", "a");
        _store.Listed = (_, page) =>
        {
            page.Add(new(key, 1));
            return Task.CompletedTask;
        };

        await _mirror.RefreshAsync(CancellationToken.None);

        Near().ShouldBe([(Day + "0-a.parquet", "a")]);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_swept_and_never_taken_for_a_file()
    {
        Directory.CreateDirectory(_near.In("orders_changes"));
        await File.WriteAllTextAsync(_near.In("orders_changes", ".lake-0.part"), "half");

        await _mirror.RefreshAsync(CancellationToken.None);

        Directory.GetFiles(_near.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_is_for_an_operator()
    {
        await File.WriteAllTextAsync(_near.In("file"), "");
        using var mirror = new LakeMirror(_store, _near.In("file"), [Day], TimeProvider.System);

        var failure = await Should.ThrowAsync<LakeException>(() => mirror.RefreshAsync(CancellationToken.None));

        failure.IsSetup.ShouldBeTrue();
        failure.Message.ShouldContain("Orders__Warehouse__Cache names the folder");
    }

    [Fact]
    public async Task A_lake_in_a_folder_is_its_own_mirror()
    {
        _store.Put(Day + "0-a.parquet", "a");
        using var mirror = new LakeMirror(new FolderLake(_far.Path, TimeProvider.System), _near.In("cache"), [Day], TimeProvider.System);

        await mirror.RefreshAsync(CancellationToken.None);

        mirror.Folder.ShouldBe(_far.Path);
        Directory.Exists(_near.In("cache")).ShouldBeFalse();
    }

    private LakeMirror NewMirror(RemoteFolder store) => new(store, _near.Path, ["orders_changes/"], TimeProvider.System);

    private List<(string Path, string Content)> Near() =>
    [
        .. Directory.EnumerateFiles(_near.Path, "*", SearchOption.AllDirectories)
            .Where(file => !LakeFile.IsTemporary(Path.GetFileName(file)))
            .Select(file => (Path.GetRelativePath(_near.Path, file).Replace('\\', '/'), File.ReadAllText(file)))
            .OrderBy(file => file.Item1, StringComparer.Ordinal),
    ];
}

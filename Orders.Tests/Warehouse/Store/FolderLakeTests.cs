using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

/// <summary>A lake in a folder: the contract, and what goes wrong with disks and processes.</summary>
public sealed class FolderLakeTests : LakeStoreTests
{
    private const string ChildFolder = "ORDERS_TEST_LAKE";

    private readonly TempFolder _lake = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _lake.Dispose();
    }

    [Fact]
    public void Its_name_is_its_folder()
    {
        Store.Name.ShouldBe(_lake.Path);
        Store.Folder.ShouldBe(_lake.Path);
    }

    [Fact]
    public async Task A_reader_never_sees_a_part_of_an_object_that_is_replaced()
    {
        var contents = (byte[][])[[.. Enumerable.Repeat((byte)'a', 300_000)], [.. Enumerable.Repeat((byte)'b', 200_000)]];
        await PutAsync("a/b", contents[0]);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var got = await File.ReadAllBytesAsync(_lake.In("a", "b"));
                got.Length.ShouldBe(got[0] == 'a' ? 300_000 : 200_000);
                got.ShouldAllBe(each => each == got[0]);
            }
        });

        for (var round = 1; round <= 200; round++)
        {
            await PutAsync("a/b", contents[round % 2]);
        }

        await stop.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task A_full_disk_is_for_an_operator_and_nothing_half_written_remains()
    {
        await using var disk = await TinyDisk.MountAsync();
        var lake = new FolderLake(Path.Combine(disk.Folder, "lake"), TimeProvider.System);
        await lake.CheckAsync(CancellationToken.None);
        await File.WriteAllBytesAsync(Files.In("small"), Random(400_000));
        await File.WriteAllBytesAsync(Files.In("large"), Random(2_000_000));
        await lake.PutAsync("a/b", Files.In("small"), CancellationToken.None);

        var failure = await Should.ThrowAsync<LakeException>(() => lake.PutAsync("a/b", Files.In("large"), CancellationToken.None));
        await Should.ThrowAsync<LakeException>(() => lake.PutAsync("a/c", Files.In("large"), CancellationToken.None));

        failure.IsSetup.ShouldBeTrue();
        failure.Message.ShouldBe(
            $"The disk of the folder '{lake.Name}' is full. Free space there, or let Orders__Warehouse__Lake name a folder on another disk.");
        Directory.GetFiles(disk.Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["b"]);
        new FileInfo(Path.Combine(lake.Name, "a", "b")).Length.ShouldBe(400_000);
    }

    [Fact]
    public async Task A_disk_that_can_only_be_read_is_for_an_operator()
    {
        await using var disk = await TinyDisk.MountAsync();
        var lake = new FolderLake(disk.Folder, TimeProvider.System);
        await lake.CheckAsync(CancellationToken.None);
        await File.WriteAllBytesAsync(Files.In("content"), [1]);
        await lake.PutAsync("a", Files.In("content"), CancellationToken.None);
        await disk.MakeReadOnlyAsync();

        foreach (var work in (Func<Task>[])
            [
                () => lake.CheckAsync(CancellationToken.None),
                () => lake.PutAsync("a", Files.In("content"), CancellationToken.None),
                () => lake.DeleteAsync(["a"], CancellationToken.None),
            ])
        {
            var failure = await Should.ThrowAsync<LakeException>(work);
            failure.IsSetup.ShouldBeTrue();
            failure.Message.ShouldContain("is on a disk that can only be read");
            failure.Message.ShouldContain("Let Orders__Warehouse__Lake name another folder.");
        }
    }

    [Theory]
    [InlineData("file")]
    [InlineData("file/lake/deep")]
    public async Task A_file_in_place_of_the_folder_is_named(string folder)
    {
        await File.WriteAllBytesAsync(_lake.In("file"), [1]);
        await File.WriteAllBytesAsync(Files.In("content"), [1]);
        var lake = new FolderLake(_lake.In(folder.Split('/')), TimeProvider.System);

        var atStart = await Should.ThrowAsync<LakeException>(() => lake.CheckAsync(CancellationToken.None));
        var later = await Should.ThrowAsync<LakeException>(() => lake.PutAsync("a", Files.In("content"), CancellationToken.None));

        atStart.IsSetup.ShouldBeTrue();
        atStart.Message.ShouldBe(
            $"Orders__Warehouse__Lake names the folder '{lake.Name}', but '{_lake.In("file")}' is a file. Let it name a folder, or move the file away.");
        later.Message.ShouldBe(atStart.Message);
    }

    [Theory]
    [InlineData(28, true, "is full")]
    [InlineData(27, true, "is full")]
    [InlineData(122, true, "is full")]
    [InlineData(30, true, "can only be read (it failed)")]
    [InlineData(5, false, "cannot be used (it failed)")]
    public void A_failure_of_the_disk_says_whether_trying_again_may_help(int error, bool isSetup, string says)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "these are the numbers of Linux");

        var failure = FolderFaults.Explain(new IOException("it failed", error), _lake.Path, LakeException.Setting);

        failure.IsSetup.ShouldBe(isSetup);
        failure.Message.ShouldContain(says);
        failure.Message.ShouldContain("Orders__Warehouse__Lake");
        FolderFaults.Explain(new UnauthorizedAccessException("no"), _lake.Path, LakeException.Setting).IsSetup.ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_killed_process_left_is_no_object_and_goes_at_the_next_start()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a signal kills the other process");
        var start = Launcher.Prepare(
            Environment.ProcessPath!,
            [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? (string[])[typeof(FolderLakeTests).Assembly.Location] : [], "-method", $"{typeof(FolderLakeTests).FullName}.{nameof(In_another_process_half_an_object_is_written)}"],
            AppContext.BaseDirectory);
        start.Environment[ChildFolder] = _lake.Path;
        using var child = await Launcher.StartAsync(start);
        child.OutputDataReceived += (_, _) => { };
        child.ErrorDataReceived += (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => Task.FromResult(child.HasExited || LeftBytes() > 0));
        child.HasExited.ShouldBeFalse();

        await Store.CheckAsync(CancellationToken.None);
        LeftBytes().ShouldBe(1_000, "the other process still writes it");
        Native.Signal(child.Id, Native.Kill);
        await child.WaitForExitAsync();
        var afterTheKill = LeftBytes();
        (await PathsAsync("")).ShouldBeEmpty();
        Directory.GetFiles(_lake.Path, "*.parquet", SearchOption.AllDirectories).ShouldBeEmpty();
        await Store.CheckAsync(CancellationToken.None);

        afterTheKill.ShouldBe(1_000);
        Directory.GetFiles(_lake.Path, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    // The other process of the test above; in a run of all tests it has nothing to do.
    [Fact]
    public async Task In_another_process_half_an_object_is_written()
    {
        if (Environment.GetEnvironmentVariable(ChildFolder) is not { } folder)
        {
            return;
        }

        await LakeFile.WriteAsync(
            Path.Combine(folder, "orders_changes", "day=2026-11-30", "0-a.parquet"),
            async (stream, token) =>
            {
                await stream.WriteAsync(new byte[1_000], token);
                await Task.Delay(TimeSpan.FromMinutes(5), token);
            },
            isDurable: true,
            CancellationToken.None);
    }

    [Fact]
    public async Task Writing_goes_on_while_other_instances_start()
    {
        using var stop = new CancellationTokenSource();
        var starts = 0;
        var starting = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested; starts++)
            {
                LakeFile.Sweep(_lake.Path, TimeProvider.System.GetUtcNow());
                await Task.Yield();
            }
        });
        await File.WriteAllBytesAsync(Files.In("content"), Random(10_000));

        await Parallel.ForAsync(0, 500, async (number, token) => await Store.PutAsync($"day={number % 7}/{number}", Files.In("content"), token));

        await stop.CancelAsync();
        await starting;
        starts.ShouldBePositive();
        (await ListAsync("")).Count(each => each.Bytes == 10_000).ShouldBe(500);
    }

    private protected override Task<ILakeStore> CreateAsync() => Task.FromResult<ILakeStore>(new FolderLake(_lake.Path, TimeProvider.System));

    private long LeftBytes() => new DirectoryInfo(_lake.Path).EnumerateFiles(".lake-*", SearchOption.AllDirectories).Sum(file => file.Length);
}

using Orders.Tests.Engines;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

/// <summary>A lake in a folder is for those who may use the folder: by default its owner only.</summary>
public sealed class LakeModesTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TempFolder _folder = new();

    public LakeModesTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lake_that_was_made_here_is_for_its_owner_only()
    {
        await PutAsync();

        ModeOf("lake").ShouldBe(OwnerOnly);
        ModeOf("lake", "orders_changes").ShouldBe(OwnerOnly);
        ModeOf("lake", "orders_changes", "one.parquet").ShouldBe(OwnerFile);
    }

    [Fact]
    public async Task Whoever_may_read_a_folder_that_was_there_may_read_the_lake()
    {
        const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(_folder.In("lake"));
        FileModes.Set(_folder.In("lake"), OwnerOnly | Group);

        await PutAsync();

        ModeOf("lake", "orders_changes").ShouldBe(OwnerOnly | Group);
        ModeOf("lake", "orders_changes", "one.parquet").ShouldBe(OwnerFile | UnixFileMode.GroupRead);
    }

    private async Task PutAsync()
    {
        var lake = new FolderLake(_folder.In("lake"), TimeProvider.System);
        await lake.CheckAsync(CancellationToken.None);
        await lake.PutAsync("orders_changes/one.parquet", _folder.AddProgram("one", "1"), CancellationToken.None);
    }

    private UnixFileMode ModeOf(params ReadOnlySpan<string> parts) => FileModes.Of(_folder.In(parts));
}

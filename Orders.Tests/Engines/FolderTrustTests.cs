using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

/// <summary>A data folder that others could have filled, or can replace, is refused by name.</summary>
public sealed class FolderTrustTests : IDisposable
{
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private readonly TempFolder _folder = new();

    public FolderTrustTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_data_folder_of_another_user_is_refused_with_the_way_out()
    {
        // Where the tests are not root: a folder of root.
        var data = Platform.IsRoot ? Directory.CreateDirectory(_folder.In("data")).FullName : "/usr";
        if (Platform.IsRoot)
        {
            OtherUser.Takes(data);
        }

        var refused = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(data, CancellationToken.None));

        refused.Message.ShouldStartWith($"'{data}' belongs to user {(Platform.IsRoot ? "nobody" : "root")} and this process runs as ");
        refused.Message.ShouldContain("name another folder with --data");
        refused.Message.Contains($"chown -R root '{data}'", StringComparison.Ordinal).ShouldBe(Platform.IsRoot);
        Directory.EnumerateFileSystemEntries(data).Any(entry => Path.GetFileName(entry) is "lock" or "pid").ShouldBeFalse();
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public async Task A_data_folder_that_others_may_write_is_refused(UnixFileMode mode)
    {
        var data = Directory.CreateDirectory(_folder.In("data")).FullName;
        FileModes.Set(data, FileModes.Of(data) | mode);

        var refused = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(data, CancellationToken.None));

        refused.Message.ShouldStartWith($"'{data}' may be written by other users (mode ");
        refused.Message.ShouldContain($"chmod go-w '{data}'");
        refused.Message.ShouldEndWith("name another folder with --data.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_above_it_that_others_may_write_needs_the_sticky_bit(bool sticky)
    {
        var above = Directory.CreateDirectory(_folder.In("above")).FullName;
        FileModes.Set(above, sticky ? Everybody | UnixFileMode.StickyBit : Everybody);
        var opening = DataFolder.OpenAsync(Path.Combine(above, "data"), CancellationToken.None);

        if (sticky)
        {
            (await opening).Dispose();
            return;
        }

        var refused = await Should.ThrowAsync<EngineException>(opening);
        refused.Message.ShouldStartWith($"'{above}', on the way to '{Path.Combine(above, "data")}', may be written by other users (mode 0777)");
        refused.Message.ShouldContain("--data");
        Directory.Exists(Path.Combine(above, "data")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_folder_above_it_or_a_link_to_it_of_another_user_is_refused(bool link)
    {
        Assert.SkipUnless(Platform.IsRoot, "only root can make another's");
        var above = _folder.In("above");
        if (link)
        {
            File.CreateSymbolicLink(above, Directory.CreateDirectory(_folder.In("real")).FullName);
        }
        else
        {
            Directory.CreateDirectory(above);
        }

        OtherUser.Takes(above);

        var refused = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(Path.Combine(above, "data"), CancellationToken.None));

        refused.Message.ShouldStartWith($"'{above}', on the way to '{Path.Combine(above, "data")}', belongs to user nobody, who could put another folder in its place.");
        refused.Message.ShouldContain("--data");
    }

    [Fact]
    public async Task A_link_of_our_own_is_followed()
    {
        File.CreateSymbolicLink(_folder.In("link"), Directory.CreateDirectory(_folder.In("real")).FullName);

        using var data = await DataFolder.OpenAsync(_folder.In("link", "data"), CancellationToken.None);

        Directory.Exists(_folder.In("real", "data")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_folder_of_an_earlier_version_is_closed_to_others()
    {
        var data = Directory.CreateDirectory(_folder.In("data")).FullName;
        (await DataFolder.OpenAsync(data, CancellationToken.None)).Dispose();
        var inside = Directory.CreateDirectory(Path.Combine(data, "dynoxide")).FullName;
        FileModes.Set(data, (UnixFileMode)0x1ED);
        FileModes.Set(inside, (UnixFileMode)0x1ED);

        using var opened = await DataFolder.OpenAsync(data, CancellationToken.None);

        (FileModes.Of(data) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)).ShouldBe(UnixFileMode.None);
        FileModes.Of(inside).ShouldBe(Folders.OwnerOnly);
    }

    [Fact]
    public async Task Programs_are_not_run_from_a_cache_that_others_may_write()
    {
        var cache = Directory.CreateDirectory(_folder.In("cache")).FullName;
        FileModes.Set(cache, Everybody);
        var options = new EngineOptions { SearchPath = "", CacheFolder = cache, DebianPostgresFolder = _folder.Path };

        var refused = await Should.ThrowAsync<EngineException>(new EngineFinder(options, new Steps()).DynoxideAsync(CancellationToken.None));

        refused.Message.ShouldContain($"'{cache}', on the way to");
        refused.Message.ShouldContain("ORDERS_CACHE");
    }
}

using System.Globalization;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Local;

/// <summary>Nobody else on the machine may read what a run writes, whatever the umask is.</summary>
public sealed class ModesTests : IDisposable
{
    private const UnixFileMode Others = (UnixFileMode)0x3F;
    private const int LakeFiles = 4;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_leaves_no_file_or_folder_that_another_user_may_use(bool ephemeral)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");
        // The loosest umask that there is.
        var wide = _folder.AddProgram("wide", "#!/bin/sh\numask 000\nexec \"$@\"\n");
        var data = _folder.In("data");
        await using var local = OrdersLocalProcess.StartThrough(wide, _folder.Path, ["--data", data, "--demo", "20", .. ephemeral ? new[] { "--ephemeral" } : []]);
        await local.ReadyAsync();
        var kept = ephemeral ? Directory.EnumerateDirectories(Path.GetTempPath(), $"orders-local-{local.Id}-*").ShouldHaveSingleItem() : data;
        await Eventually.HoldsAsync(() => Task.FromResult(Directory.Exists(Path.Combine(kept, "lake"))
            && Directory.EnumerateFiles(Path.Combine(kept, "lake"), "*.parquet", SearchOption.AllDirectories).Count() > LakeFiles));

        var open = new[] { data, kept }.Distinct(StringComparer.Ordinal).SelectMany(Open).ToList();

        // Where root starts Postgres as another user, this user's group may enter the folder, and not list
        // it.
        open.Where(entry => !(Platform.IsRoot && entry == $"{kept} 710")).ShouldBeEmpty();
        if (Platform.IsRoot)
        {
            FileFacts.Of(kept)!.Value.Gid.ShouldBe(SystemUser.ForPostgres()!.Gid);
        }
    }

    private static IEnumerable<string> Open(string folder)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", everything).Prepend(folder))
        {
            if (FileFacts.Of(entry) is { Kind: not FileFacts.Kinds.Link } facts && (facts.Mode & Others) != UnixFileMode.None)
            {
                yield return $"{entry} {Convert.ToString((int)facts.Mode, 8).ToString(CultureInfo.InvariantCulture)}";
            }
        }
    }
}

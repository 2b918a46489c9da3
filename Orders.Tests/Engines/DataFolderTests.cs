using Orders.Engines;
using Orders.Engines.Data;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class DataFolderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_is_held_by_one_at_a_time()
    {
        using (await DataFolder.OpenAsync(_folder.Path, CancellationToken.None))
        {
            var failure = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(_folder.Path, CancellationToken.None));
            failure.Message.ShouldBe($"{AppDomain.CurrentDomain.FriendlyName} (process {Environment.ProcessId}) already runs on '{_folder.Path}'. "
                + "Stop it, or choose another folder with --data.");
        }

        using var again = await DataFolder.OpenAsync(_folder.Path, CancellationToken.None);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told_in_one_line()
    {
        var below = Path.Combine(_folder.AddProgram("a-file", ""), "data");

        var failure = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(below, CancellationToken.None));

        failure.Message.ShouldStartWith($"Cannot write in '{below}'");
        failure.Message.ShouldEndWith("Choose another folder with --data.");
    }

    [Fact]
    public async Task A_folder_knows_whether_the_run_before_was_killed()
    {
        using (var first = await DataFolder.OpenAsync(_folder.Path, CancellationToken.None))
        {
            first.FollowsKill.ShouldBeFalse();
            // As a kill leaves it: another folder has the same files, and nobody has ended.
            foreach (var file in Directory.EnumerateFiles(_folder.Path).Where(file => Path.GetFileName(file) != "lock"))
            {
                File.Copy(file, Path.Combine(Directory.CreateDirectory(_folder.In("killed")).FullName, Path.GetFileName(file)));
            }

            await File.WriteAllTextAsync(_folder.In("killed", "lock"), "");
        }

        using (var next = await DataFolder.OpenAsync(_folder.Path, CancellationToken.None))
        {
            next.FollowsKill.ShouldBeFalse();
        }

        using (var next = await DataFolder.OpenAsync(_folder.In("killed"), CancellationToken.None))
        {
            next.FollowsKill.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task A_folder_with_other_things_is_refused_and_left_as_it_is()
    {
        foreach (var name in new[] { "README.md", "b", "c", "d" })
        {
            await File.WriteAllTextAsync(_folder.In(name), "");
        }

        var failure = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(_folder.Path, CancellationToken.None));

        failure.Message.ShouldBe($"'{_folder.Path}' is not empty and no data folder of Orders: it holds README.md, b, c and 1 more. Name a new or an empty folder with --data.");
        Directory.EnumerateFileSystemEntries(_folder.Path).Count().ShouldBe(4);
    }

    [Fact]
    public async Task A_folder_that_was_made_and_not_used_is_removed_with_the_parents_that_were_made_for_it()
    {
        (await DataFolder.OpenAsync(_folder.In("a", "b"), CancellationToken.None)).Dispose();
        Directory.Exists(_folder.In("a")).ShouldBeFalse();

        Directory.CreateDirectory(_folder.In("a"));
        (await DataFolder.OpenAsync(_folder.In("a"), CancellationToken.None)).Dispose();
        Directory.Exists(_folder.In("a")).ShouldBeTrue("it was there before");

        using (var used = await DataFolder.OpenAsync(_folder.In("c"), CancellationToken.None))
        {
            await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(used.In("dynoxide")).FullName, "orders.db"), "");
        }

        File.Exists(_folder.In("c", "dynoxide", "orders.db")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_temporary_folder_is_gone_after_use()
    {
        var folder = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        Directory.Exists(folder.Path).ShouldBeTrue();

        folder.Dispose();

        Directory.Exists(folder.Path).ShouldBeFalse();
    }

    [Fact]
    public async Task The_temporary_folder_of_a_killed_run_is_cleared_away_and_that_of_a_living_one_is_not()
    {
        using var living = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        var killed = Path.Combine(Path.GetTempPath(), $"orders-local-{int.MaxValue}-killed");
        Folders.CreatePrivate(killed);
        await File.WriteAllTextAsync(Path.Combine(killed, "lock"), "");

        using var next = await DataFolder.OpenTemporaryAsync(CancellationToken.None);

        Directory.Exists(killed).ShouldBeFalse();
        Directory.Exists(living.Path).ShouldBeTrue();
    }
}

using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class PostgresFolderTests : IDisposable
{
    private readonly TempFolder _parent = new();

    public void Dispose() => _parent.Dispose();

    [Fact]
    public async Task Where_we_are_not_root_the_data_is_in_the_data_folder()
    {
        using var data = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None);

        PostgresFolder.Make(data, 18, user: null).ShouldBe(data.In("postgres-18"));
    }

    [Fact]
    public async Task Data_of_another_version_is_neither_read_nor_forgotten()
    {
        using var data = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None);
        Directory.CreateDirectory(data.In("postgres-15", "data"));

        var refused = Should.Throw<EngineException>(() => PostgresFolder.Make(data, 18, user: null));

        refused.Message.ShouldBe($"'{data.In("postgres-15")}' is of Postgres 15, and Postgres 18 runs here, which cannot read it. "
            + "Remove that folder, and Orders.Sync fills the new database from the table; or choose another folder with --data.");
        Directory.CreateDirectory(data.In("postgres-18"));
        PostgresFolder.Make(data, 18, user: null).ShouldBe(data.In("postgres-18"), "its own is there");
    }

    [Fact]
    public async Task Root_keeps_it_where_the_user_of_Postgres_can_enter()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root drops its rights");
        var user = SystemUser.ForPostgres()!;
        CloseToOthers(_parent.Path);
        using var data = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None);

        var folder = PostgresFolder.Make(data, 18, user);
        try
        {
            Folders.IsOpenTo(data.Path, user).ShouldBeFalse();
            Folders.IsOpenTo(Path.GetDirectoryName(folder)!, user).ShouldBeTrue();
            PostgresFolder.Make(data, 18, user).ShouldBe(folder, "a later start finds it again");
        }
        finally
        {
            PostgresFolder.Remove(data);
        }

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_was_there_keeps_its_mode_and_one_that_was_made_is_opened()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root drops its rights");
        var user = SystemUser.ForPostgres()!;
        Directory.CreateDirectory(_parent.In("there"));
        CloseToOthers(_parent.In("there"));
        using var there = await DataFolder.OpenAsync(_parent.In("there"), CancellationToken.None);
        using var made = await DataFolder.OpenAsync(_parent.In("made"), CancellationToken.None);
        CloseToOthers(made.Path);

        PostgresFolder.Make(made, 18, user).ShouldBe(made.In("postgres-18"));
        PostgresFolder.Make(there, 18, user).ShouldNotBe(there.In("postgres-18"));
        PostgresFolder.Remove(there);

        Folders.IsOpenTo(made.Path, user).ShouldBeTrue();
        Folders.IsOpenTo(there.Path, user).ShouldBeFalse();
    }

    [Fact]
    public async Task A_database_in_a_folder_that_was_closed_since_is_told_and_not_replaced_by_an_empty_one()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root drops its rights");
        Directory.CreateDirectory(_parent.In("data"));
        using var data = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None);
        Directory.CreateDirectory(data.In("postgres-18", "data"));
        CloseToOthers(data.Path);

        Should.Throw<EngineException>(() => PostgresFolder.Make(data, 18, SystemUser.ForPostgres()!)).Message.ShouldContain("chmod o+x");
    }

    [Fact]
    public async Task What_belonged_to_a_data_folder_that_was_deleted_is_cleared_away()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root drops its rights");
        var user = SystemUser.ForPostgres()!;
        CloseToOthers(_parent.Path);
        string before;
        using (var data = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None))
        {
            before = PostgresFolder.Make(data, 18, user);
        }

        Directory.Delete(_parent.In("data"), recursive: true);

        using var anew = await DataFolder.OpenAsync(_parent.In("data"), CancellationToken.None);
        var after = PostgresFolder.Make(anew, 18, user);

        after.ShouldNotBe(before, "or the rows of before would be back");
        Directory.Exists(before).ShouldBeFalse();
        PostgresFolder.Remove(anew);
    }

    private static void CloseToOthers(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

/// <summary>
/// What another user of the machine may plant where we look: nothing is written through it, no process is
/// stopped and no data removed because of it.
/// </summary>
public sealed class PlantedFilesTests : IDisposable
{
    private const string Kept = "kept";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = (UnixFileMode)0x1FF;

    private readonly TempFolder _folder = new();
    private readonly string _planted = Path.Combine(
        Path.GetTempPath(), $"orders-local-{int.MaxValue}-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture)}");

    private readonly List<Process> _started = [];

    public PlantedFilesTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "its temporary folder is the user's own");

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill();
            process.Dispose();
        }

        if (new FileInfo(_planted).LinkTarget is not null)
        {
            File.Delete(_planted);
        }

        Folders.Remove(_planted);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("another's", "lock")]
    [InlineData("another's", "pid")]
    [InlineData("another's", "processes.json")]
    [InlineData("everybody's", "pid")]
    [InlineData("a link", "pid")]
    public async Task A_folder_in_the_temporary_folder_that_is_not_provably_ours_is_neither_swept_nor_written(string kind, string file)
    {
        var precious = Precious();
        Plant(kind, folder => File.CreateSymbolicLink(Path.Combine(folder, file), precious));

        using var next = await DataFolder.OpenTemporaryAsync(CancellationToken.None);

        (await File.ReadAllTextAsync(precious)).ShouldBe(Kept);
        Path.Exists(_planted).ShouldBeTrue("it is not ours to remove");
        Directory.EnumerateFileSystemEntries(_planted).Select(Path.GetFileName).ShouldBe([file], "nothing was written there");
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("everybody's")]
    [InlineData("a link")]
    public async Task A_process_that_a_planted_record_names_goes_on(string kind)
    {
        var process = Sleep();
        Plant(kind, folder => File.WriteAllText(Path.Combine(folder, "processes.json"), RecordOf(process)));

        using var next = await DataFolder.OpenTemporaryAsync(CancellationToken.None);

        process.HasExited.ShouldBeFalse();
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("everybody's")]
    [InlineData("a link")]
    public async Task A_record_in_our_folder_that_others_could_write_stops_nothing(string kind)
    {
        var process = Sleep();
        (await DataFolder.OpenAsync(_folder.In("data", "below"), CancellationToken.None)).Dispose();
        var data = Directory.CreateDirectory(_folder.In("data")).FullName;
        var record = Path.Combine(kind == "a link" ? _folder.Path : data, "processes.json");
        await File.WriteAllTextAsync(record, RecordOf(process));
        switch (kind)
        {
            case "another's":
                OtherUser.Takes(record);
                break;
            case "everybody's":
                FileModes.Set(record, Everybody);
                break;
            default:
                File.CreateSymbolicLink(Path.Combine(data, "processes.json"), record);
                break;
        }

        using var opened = await DataFolder.OpenAsync(data, CancellationToken.None);

        process.HasExited.ShouldBeFalse();
    }

    [Theory]
    [InlineData("pid")]
    [InlineData("pid.new")]
    [InlineData("running")]
    [InlineData("running.new")]
    [InlineData("processes.json.new")]
    [InlineData("endpoints.json.new")]
    [InlineData("logs/sleep.log")]
    public async Task A_link_in_a_data_folder_is_replaced_and_not_followed(string file)
    {
        var precious = Precious();
        var data = Directory.CreateDirectory(_folder.In("data")).FullName;
        (await DataFolder.OpenAsync(data, CancellationToken.None)).Dispose();
        Directory.CreateDirectory(Path.Combine(data, "logs"));
        File.CreateSymbolicLink(Replaced(Path.Combine(data, file)), precious);

        using var opened = await DataFolder.OpenAsync(data, CancellationToken.None);
        using var endpoints = EndpointsFile.Write(opened, new()
        {
            Pid = 1,
            StartedAt = "",
            Postgres = "",
            Redis = null,
            DynamoDb = "",
            Api = "",
            Query = "",
            Sync = "",
            GraphQL = null,
            Warehouse = "",
            Lake = "",
        });
        await using var process = await EngineProcess.StartAsync(
            new() { Name = "sleep", Program = Executables.Find("sleep", new EngineOptions().SearchPath)!, Arguments = ["300"], Folder = data }, opened);

        (await File.ReadAllTextAsync(precious)).ShouldBe(Kept);
    }

    [Fact]
    public async Task A_lock_that_is_a_link_is_refused()
    {
        var data = Directory.CreateDirectory(_folder.In("data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "pid"), "");
        File.CreateSymbolicLink(Path.Combine(data, "lock"), _folder.In("made-through-the-link"));

        var refused = await Should.ThrowAsync<EngineException>(DataFolder.OpenAsync(data, CancellationToken.None));

        refused.Message.ShouldContain($"'{Path.Combine(data, "lock")}'");
        File.Exists(_folder.In("made-through-the-link")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("another's")]
    [InlineData("ours")]
    public async Task A_place_of_another_folders_database_is_not_removed_because_a_file_names_it(string kind)
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root keeps it elsewhere");
        FileModes.Set(_folder.Path, OwnerOnly);
        using var kept = await DataFolder.OpenAsync(_folder.In("data"), CancellationToken.None);
        var place = Path.GetDirectoryName(PostgresFolder.Make(kept, 18, SystemUser.ForPostgres()!))!;
        try
        {
            Plant(kind, folder => File.WriteAllText(Path.Combine(folder, "postgres.location"), place));

            using var next = await DataFolder.OpenTemporaryAsync(CancellationToken.None);

            Directory.Exists(Path.Combine(place, "postgres-18")).ShouldBeTrue();
            Directory.Exists(_planted).ShouldBe(kind != "ours");
        }
        finally
        {
            PostgresFolder.Remove(kept);
        }

        Directory.Exists(place).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_names_the_place_of_another_one_is_refused_and_the_places_cannot_be_listed()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root keeps it elsewhere");
        var user = SystemUser.ForPostgres()!;
        FileModes.Set(_folder.Path, OwnerOnly);
        using var kept = await DataFolder.OpenAsync(_folder.In("data"), CancellationToken.None);
        using var other = await DataFolder.OpenAsync(_folder.In("other"), CancellationToken.None);
        var place = Path.GetDirectoryName(PostgresFolder.Make(kept, 18, user))!;
        try
        {
            File.Copy(kept.In("postgres.location"), other.In("postgres.location"));

            var refused = Should.Throw<EngineException>(() => PostgresFolder.Make(other, 18, user));

            refused.Message.ShouldContain($"'{other.In("postgres.location")}' names '{place}'");
            refused.Message.ShouldContain($"but of '{kept.Path}'");
            FileModes.Of(Path.GetDirectoryName(place)!).ShouldBe(OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
            (FileModes.Of(place) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)).ShouldBe(UnixFileMode.None);
        }
        finally
        {
            PostgresFolder.Remove(kept);
        }
    }

    [Fact]
    public async Task A_data_folder_finds_its_place_by_another_path_too()
    {
        Assert.SkipUnless(Platform.IsRoot && OperatingSystem.IsLinux(), "only root keeps it elsewhere");
        var user = SystemUser.ForPostgres()!;
        FileModes.Set(_folder.Path, OwnerOnly);
        string made;
        Directory.CreateDirectory(_folder.In("data", "logs"));
        await File.WriteAllTextAsync(_folder.In("data", "pid"), "");
        await File.WriteAllTextAsync(_folder.In("data", "lock"), "");
        using (var first = await DataFolder.OpenAsync(_folder.In("data"), CancellationToken.None))
        {
            made = PostgresFolder.Make(first, 18, user);
        }

        File.CreateSymbolicLink(_folder.In("link"), _folder.Path);
        using var again = await DataFolder.OpenAsync(_folder.In("link", "data"), CancellationToken.None);

        PostgresFolder.Make(again, 18, user).ShouldBe(made);
        PostgresFolder.Remove(again);
        Directory.Exists(made).ShouldBeFalse();
    }

    private void Plant(string kind, Action<string> fill)
    {
        var folder = kind == "a link" ? _folder.In("elsewhere") : _planted;
        Directory.CreateDirectory(folder);
        FileModes.Set(folder, kind == "everybody's" ? Everybody : OwnerOnly);
        fill(folder);
        if (kind == "another's")
        {
            OtherUser.Takes(folder);
        }
        else if (kind == "a link")
        {
            File.CreateSymbolicLink(_planted, folder);
        }
    }

    private string Precious()
    {
        var file = _folder.In("precious");
        File.WriteAllText(file, Kept);
        return file;
    }

    private Process Sleep()
    {
        var process = Process.Start("sleep", ["300"]);
        _started.Add(process);
        return process;
    }

    private static string Replaced(string file)
    {
        File.Delete(file);
        return file;
    }

    private static string RecordOf(Process process) =>
        JsonSerializer.Serialize([ProcessIdentity.Of(process.Id, "sleep")!], ProcessRecordJson.Default.ProcessIdentityArray);
}

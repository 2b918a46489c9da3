using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Shouldly;
using StackExchange.Redis;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class EngineSetTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly TempFolder _path = new();
    private readonly Steps _steps = new();

    public void Dispose()
    {
        _data.Dispose();
        _path.Dispose();
    }

    [Fact]
    public async Task Where_nothing_is_installed_the_npm_packages_do_and_Redis_is_done_without()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the search path is made of links");
        foreach (var tool in new[] { "npm", "node" }.Select(name => Executables.Find(name, new EngineOptions().SearchPath)).OfType<string>())
        {
            _path.Link(tool);
        }

        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        var options = new EngineOptions { Durable = false, SearchPath = _path.Path, DebianPostgresFolder = _path.Path, MayInstallWithApt = false };

        await using var engines = await EngineSet.StartAsync(data, options, _steps);

        engines.Addresses.Redis.ShouldBeNull();
        engines.Addresses.DynamoDb.ShouldStartWith("http://127.0.0.1:");
        (await RunAsync(engines, "SHOW server_version")).ShouldBe("18.4");
        _steps.All.ShouldContain(step => step.Engine == "Redis" && step.Text.StartsWith("none here: going on without it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        await using (var first = await EngineSet.StartAsync(data, new EngineOptions(), _steps))
        {
            await RunAsync(first, "CREATE TABLE kept (id int)");
        }

        await using var second = await EngineSet.StartAsync(data, new EngineOptions(), _steps);

        await RunAsync(second, "SELECT * FROM kept");
        _steps.All.Count(step => step.Text == "initdb" && step.Took is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Postgres_takes_nobody_without_its_password()
    {
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        await using var engines = await EngineSet.StartAsync(data, new EngineOptions { Durable = false }, _steps);
        var guess = new NpgsqlConnectionStringBuilder(engines.Addresses.Postgres) { Password = "guess" };

        await using var connection = new NpgsqlConnection(guess.ConnectionString);
        var refused = await Should.ThrowAsync<PostgresException>(connection.OpenAsync());

        refused.SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Redis_takes_nobody_without_its_password_which_no_command_line_shows()
    {
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        await using var engines = await EngineSet.StartAsync(data, new EngineOptions { Durable = false }, _steps);
        Assert.SkipWhen(engines.Addresses.Redis is null, "no Redis on this machine");
        var options = ConfigurationOptions.Parse(engines.Addresses.Redis!);
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)options.EndPoints[0]);

        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
        using var answer = new StreamReader(client.GetStream());

        (await answer.ReadLineAsync())!.ShouldStartWith("-NOAUTH ");
        options.Password!.Length.ShouldBe(32);
        _steps.All.ShouldNotContain(step => step.Text.Contains(options.Password, StringComparison.Ordinal));
        if (OperatingSystem.IsLinux())
        {
            var engine = EnginesOf(data).Single(engine => engine.Mark == "127.0.0.1");
            (await File.ReadAllTextAsync($"/proc/{engine.Pid}/cmdline")).ShouldNotContain(options.Password);
        }
    }

    [Fact]
    public async Task One_engine_that_cannot_be_had_stops_the_others_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        // A Postgres whose initdb fails as soon as it is told that the others run.
        var bin = Path.Combine("15", "bin");
        Directory.CreateDirectory(_path.In(bin));
        _path.AddProgram(Path.Combine(bin, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 17.0'\n");
        _path.AddProgram(Path.Combine(bin, "initdb"), $"#!/bin/sh\nuntil [ -e {_path.In("others-run")} ]; do sleep 0.05; done\necho out of order\nexit 1\n");
        Directory.CreateDirectory(_path.In("tools"));
        foreach (var tool in new[] { "npm", "node", "redis-server" }.Select(name => Executables.Find(name, new EngineOptions().SearchPath)).OfType<string>())
        {
            File.CreateSymbolicLink(_path.In("tools", Path.GetFileName(tool)), tool);
        }

        var options = new EngineOptions { Durable = false, SearchPath = _path.In("tools"), DebianPostgresFolder = _path.Path, MayInstallWithApt = false };

        var starting = EngineSet.StartAsync(data, options, _steps);
        await Eventually.HoldsAsync(() => Task.FromResult(
            new[] { "dynoxide", "Redis" }.All(name => _steps.All.Any(step => step.Engine == name && step.Took is not null && !step.TakesLong))));
        var running = EnginesOf(data);
        running.ShouldAllBe(engine => engine.IsAlive());
        await File.WriteAllTextAsync(_path.In("others-run"), "");

        var failure = await Should.ThrowAsync<EngineException>(starting);
        failure.Message.ShouldStartWith("initdb failed in '");
        failure.Details.ShouldBe("out of order");
        running.ShouldAllBe(engine => !engine.IsAlive());
    }

    [Fact]
    public async Task An_engine_that_ends_at_once_is_told_with_the_end_of_its_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        var bin = Path.Combine("15", "bin");
        Directory.CreateDirectory(_path.In(bin));
        _path.AddProgram(Path.Combine(bin, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 17.0'\n[ \"$1\" = --version ] || { echo FATAL: no such luck >&2; exit 3; }\n");
        _path.AddProgram(Path.Combine(bin, "initdb"), "#!/bin/sh\nexec mkdir \"$2\"\n");
        var options = new EngineOptions { Durable = false, SearchPath = new EngineOptions().SearchPath, DebianPostgresFolder = _path.Path };
        var finder = new EngineFinder(options with { SearchPath = _path.Path }, _steps);

        var failure = await Should.ThrowAsync<EngineException>(PostgresEngine.StartAsync(finder, data, options, _steps, CancellationToken.None));

        failure.Message.ShouldBe($"Postgres ended as soon as it was started (exit code 3). If its files are damaged, move '{data.In("postgres-17")}' out of its parent folder: "
            + $"Orders.Sync fills a new database from the table. Its log is {data.LogFile("Postgres")}.");
        failure.Details.ShouldEndWith("FATAL: no such luck");
    }

    [Fact]
    public async Task Redis_is_started_again_at_the_same_address_when_it_ends()
    {
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        await using var engines = await EngineSet.StartAsync(data, new EngineOptions { Durable = false }, _steps);
        Assert.SkipWhen(engines.Addresses.Redis is null, "no Redis on this machine");
        using var stop = new CancellationTokenSource();
        var watching = engines.WatchAsync(_steps, stop.Token);
        using (var client = await ConnectionMultiplexer.ConnectAsync($"{engines.Addresses.Redis},allowAdmin=true"))
        {
            client.GetServers()[0].Shutdown(ShutdownMode.Never);
        }

        await Eventually.HoldsAsync(() => Task.FromResult(_steps.All.Any(step => step.Text.Contains("was started again", StringComparison.Ordinal))));
        using var after = await ConnectionMultiplexer.ConnectAsync(engines.Addresses.Redis!);
        (await after.GetDatabase().StringSetAsync("here", "again")).ShouldBeTrue();
        watching.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watching);
    }

    [Fact]
    public async Task The_loss_of_Postgres_is_a_failure_that_shows_the_end_of_its_log()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals there");
        using var data = await DataFolder.OpenAsync(_data.Path, CancellationToken.None);
        await using var engines = await EngineSet.StartAsync(data, new EngineOptions { Durable = false }, _steps);
        var watching = engines.WatchAsync(_steps, CancellationToken.None);

        var server = await RunAsync(engines, "SELECT (regexp_match(pg_read_file('postmaster.pid'), '^[0-9]+'))[1]::int");
        Native.Signal((int)server!, Native.Interrupt).ShouldBeTrue();

        var failure = await Should.ThrowAsync<EngineException>(watching);
        failure.Message.ShouldStartWith("Postgres ended while it was needed (exit code 0)");
        failure.Details.ShouldContain("database system is shut down");
    }

    private static ProcessIdentity[] EnginesOf(DataFolder data) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(data.In("processes.json")), ProcessRecordJson.Default.ProcessIdentityArray)!;

    private static async Task<object?> RunAsync(EngineSet engines, string sql)
    {
        await using var source = NpgsqlDataSource.Create(engines.Addresses.Postgres);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

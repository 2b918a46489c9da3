using System.Diagnostics;
using Npgsql;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Postgres;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

/// <summary>
/// Postgres as the child of someone who knows no better than to end it by SIGTERM or by a kill, with a
/// client connected all the time.
/// </summary>
public sealed class EngineGuardTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Native.Terminate)]
    [InlineData(Native.Interrupt)]
    [InlineData(Native.Kill)]
    public async Task Postgres_shuts_down_cleanly_although_a_client_is_connected(int signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no signals there");
        using var data = await DataFolder.OpenAsync(_folder.Path, CancellationToken.None);
        var cluster = await PostgresCluster.PrepareAsync(new EngineFinder(new EngineOptions(), new Steps()), data, new Steps(), CancellationToken.None);
        var port = Ports.Free();
        using var process = Start(cluster.Server(port, durable: true));
        await using var client = await ConnectAsync(cluster, port);

        if (signal == Native.Kill)
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            ProcessSignals.Send(process.Id, signal);
        }

        await process.WaitForExitAsync();
        // It waits for a server that still ends.
        await PostgresCluster.PrepareAsync(new EngineFinder(new EngineOptions(), new Steps()), data, new Steps(), CancellationToken.None);

        PostgresFiles.IsShutDown(data.Path).ShouldBeTrue();
        process.ExitCode.ShouldBe(signal == Native.Kill ? 128 + Native.Kill : 0);
    }

    [Fact]
    public async Task The_exit_code_of_the_engine_is_that_of_its_guard()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var program = _folder.AddProgram("engine", "#!/bin/sh\nexit 7\n");
        using var process = Start(new() { Name = "engine", Program = program, Arguments = [], Folder = _folder.Path, StopSignal = Native.Interrupt });

        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(7);
        Directory.EnumerateFiles(_folder.Path).ShouldBe([program], "nothing of the guard is left");
    }

    private static Process Start(EngineStart start)
    {
        var (program, arguments) = start.Command();
        return Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = start.Folder, UseShellExecute = false })!;
    }

    private static async Task<NpgsqlConnection> ConnectAsync(PostgresCluster cluster, int port)
    {
        var server = $"Host=127.0.0.1;Port={port};Username={PostgresCluster.Superuser};Password={cluster.Password};Database=postgres;Pooling=false";
        await Eventually.HoldsAsync(() => PostgresEngine.EnsureDatabaseAsync(server, CancellationToken.None));
        var client = new NpgsqlConnection(server);
        await client.OpenAsync();
        return client;
    }
}

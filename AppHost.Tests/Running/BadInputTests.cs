using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

/// <summary>If AppHost cannot start, it prints one line that says what to do, and starts nothing.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Engines=maybe", "Engines: 'maybe' is neither true nor false. Give --Engines=true, --Engines=false, or leave it out.")]
    [InlineData("--Ephemeral=yes", "Ephemeral: 'yes' is neither true nor false. Give --Ephemeral=true, --Ephemeral=false, or leave it out.")]
    [InlineData("--api-port=http", "--api-port: 'http' is not a port. Give a number from 0 to 65535; 0 is any free one.")]
    [InlineData("--Ephemeral=true --data=x", "--Ephemeral=true keeps no data, and --data names a folder for it. Give one of the two.")]
    [InlineData("--ASPIRE_CONTAINER_RUNTIME=foo", "ASPIRE_CONTAINER_RUNTIME: 'foo' is neither docker nor podman. Name one of these, or leave it out.")]
    [InlineData("--urls=nonsense:x:y --DcpPublisher:RandomizePorts=perhaps", "DcpPublisher:RandomizePorts: 'perhaps' is neither true nor false. Give --DcpPublisher:RandomizePorts=true, --DcpPublisher:RandomizePorts=false, or leave it out.")]
    public async Task A_setting_that_cannot_be_understood_is_named(string arguments, string line) => (await RefusedAsync(arguments.Split(' '))).ShouldBe(line);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_port_in_use_is_named(string address)
    {
        using var taken = new TcpListener(IPAddress.Parse(address), 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        (await RefusedAsync($"--query-port={port}", "--DcpPublisher:RandomizePorts=false", "--api-port=0", "--graphql-port=0", "--warehouse-port=0", $"--data={_folder.In("new")}")).ShouldBe(
            $"Port {port} for query is in use. Stop what listens there, or choose another with --query-port; 0 is any free one.");
        Directory.Exists(_folder.In("new")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--api-port=19301", "api", "query", "--query-port=19301", "Choose another with --query-port; 0 is any free one.")]
    [InlineData("--graphql-port=19302", "graphql", "the dashboard", "--ASPNETCORE_URLS=http://localhost:19302", "Choose another with --ASPNETCORE_URLS=http://localhost:<port>.")]
    public async Task A_port_that_is_given_twice_is_named(string first, string one, string other, string second, string wayOut) =>
        (await RefusedAsync("--DcpPublisher:RandomizePorts=false", "--api-port=0", "--query-port=0", "--graphql-port=0", "--warehouse-port=0", first, second)).ShouldBe(
            $"{one} and {other} are both given port {first.Split('=')[1]}. {wayOut}");

    [Fact]
    public async Task A_cache_folder_that_cannot_be_made_is_told_once()
    {
        await File.WriteAllTextAsync(_folder.In("file"), "");
        using var apphost = ChildAppHost.Start(_folder.In("data"), new Dictionary<string, string>(StringComparer.Ordinal) { ["ORDERS_CACHE"] = _folder.In("file") });

        (await RefusedAsync(apphost)).ShouldBe($"ORDERS_CACHE names '{_folder.In("file")}', where no folder can be made. Let it name a folder that you may write, or unset it.");
        Directory.Exists(_folder.In("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_failure_that_nobody_has_thought_of_is_one_line_too()
    {
        // The dashboard parses its address itself.
        var said = await RefusedAsync("--ASPNETCORE_URLS=no-address", $"--data={_folder.In("data")}");

        said.ShouldStartWith("AppHost cannot go on: ");
        said.ShouldEndWith("ORDERS_APPHOST_TRACE=true in the environment shows where this comes from.");
        Directory.Exists(_folder.In("data")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_container_runtime_that_is_asked_for_and_not_there_is_told()
    {
        using var apphost = ChildAppHost.Start(_folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = _folder.Path }, "--Engines=false", "--ASPIRE_CONTAINER_RUNTIME=podman");

        (await RefusedAsync(apphost)).ShouldBe("Engines=false asks for containers, and no container runtime answers (podman is not installed). "
            + "Start Docker or Podman, or leave Engines out for engines of this machine.");
    }

    [Fact]
    public async Task A_folder_that_another_run_holds_is_told_with_its_name()
    {
        using var held = await Orders.Engines.Data.DataFolder.OpenAsync(_folder.Path, CancellationToken.None);

        (await RefusedAsync()).ShouldBe($"AppHost.Tests (process {Environment.ProcessId}) already runs on '{_folder.Path}'. Stop it, or choose another folder with --data.");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_told()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "");

        var said = await RefusedAsync($"--data={file}/.orders");

        said.ShouldStartWith($"Cannot write in '{file}/.orders'");
        said.ShouldEndWith("Choose another folder with --data.");
    }

    [Theory]
    [InlineData("/not/there")]
    [InlineData("/etc/passwd")]
    public async Task A_temporary_folder_that_cannot_be_written_is_told(string folder)
    {
        using var apphost = ChildAppHost.Start(_folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = folder });

        var said = await RefusedAsync(apphost);

        said.ShouldStartWith($"The temporary folder '{folder}/' cannot be written.");
        said.ShouldContain("TMPDIR");
    }

    private async Task<string> RefusedAsync(params string[] arguments)
    {
        using var apphost = ChildAppHost.Start(_folder.Path, arguments);
        return await RefusedAsync(apphost);
    }

    private static async Task<string> RefusedAsync(ChildAppHost apphost)
    {
        (await apphost.EndAsync()).ShouldBe(1, apphost.Output);
        return apphost.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("Stores: ", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }
}

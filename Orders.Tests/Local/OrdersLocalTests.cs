using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Orders.Engines;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Local;

/// <summary>Orders.Local from the outside: what it says, what it leaves, what it takes with it.</summary>
public sealed class OrdersLocalTests(TestEngines installed) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stop_leaves_no_process_no_data_and_no_addresses_of_an_ephemeral_run()
    {
        await using var local = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await local.ReadyAsync();
        var data = TemporaryFolderOf(local);
        var engines = EnginesIn(data);
        engines.Length.ShouldBeGreaterThanOrEqualTo(2);
        engines.ShouldAllBe(engine => engine.IsAlive());
        File.Exists(_folder.In(".orders", "endpoints.json")).ShouldBeTrue();

        local.Signal(Native.Terminate);

        (await local.ExitAsync()).ShouldBe(0, local.Output);
        engines.ShouldAllBe(engine => !engine.IsAlive());
        Directory.Exists(data).ShouldBeFalse();
        File.Exists(_folder.In(".orders", "endpoints.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_killed_run_leaves_is_gone_with_the_next_start()
    {
        await using var killed = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await killed.ReadyAsync();
        var data = TemporaryFolderOf(killed);
        var engines = EnginesIn(data);

        killed.Signal(Native.Kill);
        await killed.ExitAsync();
        await using var next = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await next.ReadyAsync();

        engines.ShouldAllBe(engine => !engine.IsAlive());
        Directory.Exists(data).ShouldBeFalse();
    }

    [Fact]
    public async Task The_addresses_are_left_for_others_to_find()
    {
        await using var local = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await local.ReadyAsync();

        using var endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.In(".orders", "endpoints.json")));

        endpoints.RootElement.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["pid", "started_at", "postgres", "redis", "dynamodb", "api", "query", "sync", "graphql", "warehouse", "lake"]);
        endpoints.RootElement.GetProperty("pid").GetInt32().ShouldBe(local.Id);
        using var http = new HttpClient();
        foreach (var service in new[] { "api", "query", "sync", "graphql", "warehouse" })
        {
            using var answer = await http.GetAsync(endpoints.RootElement.GetProperty(service).GetString() + "/health/live");
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, service);
        }
    }

    [Fact]
    public async Task The_curl_line_that_is_shown_works_as_it_stands()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Executables.Find("curl", new EngineOptions().SearchPath) is null, "no curl, or another shell");
        await using var local = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await local.ReadyAsync();
        var line = local.Output.Split('\n').Single(line => line.Contains("curl --location", StringComparison.Ordinal));
        line.ShouldContain("""
            /v1/orders --header 'Content-Type: application/json' --header 'Authorization: Basic Zm9vOmJhcg==' --data '{"merchant_id": "merchant-102", "amount": 200.00, "currency": "INR"}'
            """);

        var placed = await ShortProcess.RunAsync("/bin/sh", ["-c", line.Trim() + " --silent --include"], _folder.Path, CancellationToken.None);

        placed.Output.ShouldStartWith("HTTP/1.1 201");
        var id = placed.Output.Split("\"order_id\":\"")[1].Split('"')[0];
        var read = local.Output.Split('\n').Single(line => line.Contains("curl --include", StringComparison.Ordinal)).Replace("<order_id>", id, StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () =>
            (await ShortProcess.RunAsync("/bin/sh", ["-c", read.Trim() + " --silent"], _folder.Path, CancellationToken.None)).Output.StartsWith("HTTP/1.1 200", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_gives_one_line_and_leaves_the_first_alone()
    {
        await using var first = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");
        await first.ReadyAsync();

        await using var second = OrdersLocalProcess.Start(_folder.Path, "--ephemeral");

        (await second.ExitAsync()).ShouldBe(1);
        OneLineOf(second).ShouldBe($"Orders.Local (process {first.Id}) already runs on '{_folder.In(".orders")}'. Stop it, or choose another folder with --data.");
        File.Exists(_folder.In(".orders", "endpoints.json")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--api-port", "Orders.Api")]
    [InlineData("--query-port", "Orders.Query")]
    [InlineData("--sync-port", "Orders.Sync")]
    [InlineData("--graphql-port", "Orders.GraphQL")]
    [InlineData("--warehouse-port", "Orders.Warehouse")]
    public async Task A_port_in_use_is_named_with_the_option_that_changes_it(string option, string service)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await using var local = OrdersLocalProcess.Start(_folder.Path, "--ephemeral", option, $"{port}");

        (await local.ExitAsync()).ShouldBe(1);
        OneLineOf(local).ShouldBe($"Port {port} for {service} is in use. Stop what listens there, or choose another with {option}; 0 is any free one.");
        Directory.Exists(_folder.In(".orders")).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_Node_and_without_the_engines_one_line_says_what_to_install()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the search path is made of links");
        Directory.CreateDirectory(_folder.In("bin"));
        foreach (var tool in new[] { "setpriv", "setsid" }.Select(name => Executables.Find(name, new EngineOptions().SearchPath)).OfType<string>())
        {
            File.CreateSymbolicLink(_folder.In("bin", Path.GetFileName(tool)), tool);
        }

        var bare = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = _folder.In("bin"), ["ORDERS_CACHE"] = _folder.In("cache") };

        await using var local = OrdersLocalProcess.Start(_folder.Path, bare, "--ephemeral");

        (await local.ExitAsync()).ShouldBe(1);
        local.Output.ShouldContain(" is not installed, and there is no npm to get it with. Install Node.js 20.3 or later, or ");
        local.Output.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Without_Node_one_line_says_so_and_everything_else_runs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the search path is made of links");
        // The engines are there, whoever asked for them first.
        await installed.CreateStoresAsync();
        Directory.CreateDirectory(_folder.In("bin"));
        foreach (var tool in new[] { "setpriv", "setsid", "redis-server" }.Select(name => Executables.Find(name, new EngineOptions().SearchPath)).OfType<string>())
        {
            File.CreateSymbolicLink(_folder.In("bin", Path.GetFileName(tool)), tool);
        }

        var bare = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = _folder.In("bin") };

        await using var local = OrdersLocalProcess.Start(_folder.Path, bare, "--ephemeral");
        await local.ReadyAsync();

        local.Output.Split('\n').Where(line => line.Contains("not started", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldContain("not started: there is no Node. Install Node.js 20.3 or later and put it on the PATH.");
        using var endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.In(".orders", "endpoints.json")));
        endpoints.RootElement.GetProperty("graphql").ValueKind.ShouldBe(JsonValueKind.Null);
        using var http = new HttpClient();
        using var answer = await http.GetAsync(endpoints.RootElement.GetProperty("query").GetString() + "/health/live");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_written_gives_one_line()
    {
        var below = Path.Combine(_folder.AddProgram("a-file", ""), "data");

        await using var local = OrdersLocalProcess.Start(_folder.Path, "--data", below);

        (await local.ExitAsync()).ShouldBe(1);
        OneLineOf(local).ShouldStartWith($"Cannot write in '{below}'");
    }

    [Fact]
    public async Task A_number_that_is_no_port_is_refused_by_name()
    {
        await using var local = OrdersLocalProcess.Start(_folder.Path, "--ephemeral", "--api-port", "70000");

        (await local.ExitAsync()).ShouldBe(1);
        local.Output.ShouldContain("--api-port takes a number from 0 to 65535, not '70000'.");
    }

    private static string TemporaryFolderOf(OrdersLocalProcess local) =>
        Directory.EnumerateDirectories(Path.GetTempPath(), $"orders-local-{local.Id}-*").ShouldHaveSingleItem();

    private static ProcessIdentity[] EnginesIn(string folder) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, "processes.json")), ProcessRecordJson.Default.ProcessIdentityArray)!;

    private static string OneLineOf(OrdersLocalProcess local) => local.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().TrimEnd('\r');
}

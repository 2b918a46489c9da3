using System.Diagnostics;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dapper;
using Npgsql;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Packaging;

/// <summary>
/// samples/Payments as a user has it: restored from the packed packages, nothing of the repository's build
/// around it.
/// </summary>
public sealed class SampleTests(PackedPackages packages, TestEngines engines) : IClassFixture<PackedPackages>, IAsyncLifetime
{
    private const string Table = "payments";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-sample-");
    private TestStores _stores = null!;
    private AmazonDynamoDBClient _dynamo = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await engines.CreateStoresAsync();
        _dynamo = new AmazonDynamoDBClient("local", "local", new AmazonDynamoDBConfig { ServiceURL = _stores.DynamoDb, AuthenticationRegion = "eu-west-1" });
        await _dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = Table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", ScalarAttributeType.S)],
            KeySchema = [new("pk", KeyType.HASH)],
            StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.NEW_AND_OLD_IMAGES },
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _dynamo.DeleteTableAsync(Table);
        _dynamo.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_built_from_the_packages_and_keeps_its_table()
    {
        var program = await BuildAsync();
        await PutAsync("p-1", version: 1, "10.25");
        await PutAsync("p-2", version: 1, "0.15");
        using var consumer = Start(program, "");
        try
        {
            await using var database = NpgsqlDataSource.Create(_stores.Postgres);
            await HoldsAsync(consumer, database, "p-1 1 10.25, p-2 1 0.15");

            await PutAsync("p-1", version: 2, "12.75");
            await _dynamo.DeleteItemAsync(Table, new() { ["pk"] = new("p-2") });
            await HoldsAsync(consumer, database, "p-1 2 12.75");
        }
        finally
        {
            using var stop = Process.Start("kill", ["-TERM", $"{consumer.Id}"]);
            await stop.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await consumer.WaitForExitAsync(limit.Token);
        consumer.ExitCode.ShouldBe(0);
    }

    private async Task<string> BuildAsync()
    {
        foreach (var file in new DirectoryInfo(Path.Combine(PackedPackages.Root(), "samples", "Payments")).GetFiles())
        {
            file.CopyTo(Path.Combine(_folder.FullName, file.Name));
        }

        var config = Path.Combine(_folder.FullName, "nuget.config");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("../../artifacts", packages.Folder, StringComparison.Ordinal));

        // What is packed here has the version of any other build of it, so it must not come to the machine's
        // cache; all else is taken from there.
        using var build = Start("dotnet", $"build --nologo -v q -o out -p:DynamoStreamsVersion={PackagesTests.Version} -p:RestoreFallbackFolders={Cache()}");
        var output = build.StandardOutput.ReadToEndAsync();
        await build.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, await output);
        return Path.Combine(_folder.FullName, "out", "Payments.dll");
    }

    private static string Cache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private Process Start(string program, string arguments)
    {
        var start = program == "dotnet" ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo("dotnet", program);
        start.WorkingDirectory = _folder.FullName;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder.FullName, "packages");
        start.Environment["POSTGRES"] = _stores.Postgres;
        start.Environment["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = _stores.DynamoDb;
        return Process.Start(start)!;
    }

    private Task<PutItemResponse> PutAsync(string id, long version, string amount) => _dynamo.PutItemAsync(
        Table, new() { ["pk"] = new(id), ["version"] = new() { N = $"{version}" }, ["amount"] = new() { N = amount }, ["currency"] = new("EUR") });

    private static Task HoldsAsync(Process consumer, NpgsqlDataSource database, string rows) => Eventually.HoldsAsync(async () =>
    {
        consumer.HasExited.ShouldBeFalse(consumer.HasExited ? await consumer.StandardError.ReadToEndAsync() : "");
        await using var connection = await database.OpenConnectionAsync();
        var known = await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('payments') IS NOT NULL");
        return known && await connection.ExecuteScalarAsync<string>("SELECT string_agg(id || ' ' || version || ' ' || amount, ', ' ORDER BY id) FROM payments") == rows;
    });
}

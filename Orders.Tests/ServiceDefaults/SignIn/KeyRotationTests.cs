using System.Net;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

/// <summary>Keys come, change and go without a restart.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Both_secrets_of_a_key_are_valid_while_it_is_rotated()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:0:Hash"] += "," + ApiKeyHash.Of("new-secret");
        await using var service = await TestService.StartAsync(TestService.Production, settings);

        (await AskAsync(service, "acme-secret")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(service, "new-secret")).ShouldBe(HttpStatusCode.OK);
        (await AskAsync(service, "other")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_third_secret_is_refused_at_the_start()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:0:Hash"] = string.Join(',', Enumerable.Range(0, 3).Select(_ => ApiKeyHash.Of("x").ToString()));

        var problem = await Should.ThrowAsync<SettingsException>(() => TestService.StartAsync(TestService.Production, settings));

        problem.Setting.ShouldBe("Orders__Keys__0__Hash");
    }

    [Fact]
    public async Task A_key_is_rotated_and_ended_by_writing_its_file()
    {
        var file = FileOf("keys");
        Write(file, "old");
        await using var service = await StartAsync(file);
        (await AskAsync(service, "old")).ShouldBe(HttpStatusCode.OK);

        Write(file, "old", "new");
        await Eventually.HoldsAsync(async () => await AskAsync(service, "new") == HttpStatusCode.OK);
        (await AskAsync(service, "old")).ShouldBe(HttpStatusCode.OK);

        Write(file, "new");
        await Eventually.HoldsAsync(async () => await AskAsync(service, "old") == HttpStatusCode.Unauthorized);
        (await AskAsync(service, "new")).ShouldBe(HttpStatusCode.OK);
    }

    // The file is looked at every 4 s, so all of them at once.
    [Fact]
    public Task A_broken_file_changes_nothing_and_is_told() => Task.WhenAll(new[]
    {
        "",
        "{\"Orders\": {\"Keys\": [{\"Id\":",
        "{\"Orders\": {\"Keys\": []}}",
        "{\"Orders\": {\"Keys\": [{\"Id\": \"acme\", \"Hash\": \"md5:1\", \"Merchants\": \"*\", \"Scopes\": \"orders:read\"}]}}",
    }.Select(async (text, number) =>
    {
        var file = FileOf($"{number}");
        Write(file, "old");
        await using var service = await StartAsync(file, TestService.Development);

        File.WriteAllText(file, text);
        await Eventually.HoldsAsync(() => Task.FromResult(service.Logs.Errors.Any(line => line.Contains("stay valid", StringComparison.Ordinal))));

        (await AskAsync(service, "old")).ShouldBe(HttpStatusCode.OK, text);
        // The public default of Development does not come back either.
        (await service.Client.GetAsync("/who")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, text);
        Write(file, "new");
        await Eventually.HoldsAsync(async () => await AskAsync(service, "new") == HttpStatusCode.OK);
    }));

    [Theory]
    [InlineData(TestService.Development)]
    [InlineData(TestService.Production)]
    public async Task A_file_that_is_not_there_stops_the_start(string environment)
    {
        var problem = await Should.ThrowAsync<SettingsException>(() => StartAsync(FileOf("missing"), environment));

        problem.Setting.ShouldBe("Orders__KeysFile");
    }

    private string FileOf(string name) => Path.Combine(_folder.FullName, $"{name}.json");

    private static Task<TestService> StartAsync(string file, string environment = TestService.Production) =>
        TestService.StartAsync(environment, new Dictionary<string, string?> { ["Orders:KeysFile"] = file });

    private static void Write(string file, params string[] secrets)
    {
        var hashes = string.Join(", ", secrets.Select(secret => $"\"{ApiKeyHash.Of(secret)}\""));
        var next = file + ".new";
        File.WriteAllText(next, $$$"""{"Orders": {"Keys": [{"Id": "acme", "Hash": [{{{hashes}}}], "Merchants": ["*"], "Scopes": ["orders:read"]}]}}""");
        File.Move(next, file, overwrite: true);
    }

    private static async Task<HttpStatusCode> AskAsync(TestService service, string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who") { Headers = { { "X-Api-Key", $"acme.{secret}" } } };
        using var answer = await service.Anonymous.SendAsync(request);
        return answer.StatusCode;
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Local;

/// <summary>
/// What the shell of a developer holds for other programs: Orders.Local starts with it as without, and an
/// order goes all the way.
/// </summary>
public sealed class ForeignEnvironmentTests : IDisposable
{
    private const string Nowhere = "http://127.0.0.1:1";

    private const string Order =
        """{"merchant_id":"merchant-102","currency":"EUR","items":[{"product_id":"tea-250","product_name":"Iğdır çayı, 250 g","quantity":2,"unit_price":617.28}]}""";

    private static readonly Dictionary<string, string> Proxies = new(StringComparer.Ordinal)
    {
        ["http_proxy"] = Nowhere,
        ["https_proxy"] = Nowhere,
        ["all_proxy"] = Nowhere,
        ["HTTP_PROXY"] = Nowhere,
        ["HTTPS_PROXY"] = Nowhere,
        ["ALL_PROXY"] = Nowhere,
        ["no_proxy"] = "example.com",
        ["NO_PROXY"] = "example.com",
        ["NODE_USE_ENV_PROXY"] = "1",
    };

    private static readonly Dictionary<string, string> Postgres = new(StringComparer.Ordinal)
    {
        ["PGHOST"] = "nowhere.invalid",
        ["PGPORT"] = "1",
        ["PGUSER"] = "nobody",
        ["PGPASSWORD"] = "wrong",
        ["PGDATABASE"] = "nothing",
        ["PGPASSFILE"] = "/not/there",
        ["PGSERVICE"] = "none",
        ["PGOPTIONS"] = "-c search_path=nowhere -c default_transaction_read_only=on",
        ["PGTZ"] = "Asia/Kathmandu",
        ["PGCLIENTENCODING"] = "LATIN1",
        ["PGDATA"] = "/not/there",
        ["PGSSLMODE"] = "verify-full",
        ["PGSSLNEGOTIATION"] = "direct",
        ["PGTARGETSESSIONATTRS"] = "standby",
        ["PGSSLROOTCERT"] = "/not/there",
        ["PGDATESTYLE"] = "German",
    };

    private static readonly Dictionary<string, string> Aws = new(StringComparer.Ordinal)
    {
        ["AWS_PROFILE"] = "none",
        ["AWS_ENDPOINT_URL"] = Nowhere,
        ["AWS_ENDPOINT_URL_DYNAMODB"] = "garbage",
        ["AWS_REGION"] = "nowhere",
        ["AWS_DEFAULTS_MODE"] = "mobile",
        ["AWS_RETRY_MODE"] = "adaptive",
        ["AWS_MAX_ATTEMPTS"] = "none",
        ["AWS_USE_FIPS_ENDPOINT"] = "true",
        ["AWS_USE_DUALSTACK_ENDPOINT"] = "true",
        ["AWS_ACCOUNT_ID_ENDPOINT_MODE"] = "required",
        ["AWS_SESSION_TOKEN"] = "token",
        ["AWS_ACCESS_KEY_ID"] = "id",
    };

    private static readonly Dictionary<string, string> Listeners = new(StringComparer.Ordinal)
    {
        ["Kestrel__Endpoints__Http__Url"] = "http://127.0.0.1:1",
        ["ASPNETCORE_KESTREL__ENDPOINTS__OTHER__URL"] = "https://127.0.0.1:1",
        ["DOTNET_Kestrel__Certificates__Default__Path"] = "/not/there.pfx",
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:1",
        ["ASPNETCORE_HTTP_PORTS"] = "1",
        ["AllowedHosts"] = "example.com",
        ["ASPNETCORE_ALLOWEDHOSTS"] = "example.com",
    };

    private static readonly Dictionary<string, string> Node = new(StringComparer.Ordinal) { ["NODE_OPTIONS"] = "--require /not/there.js", ["NODE_PATH"] = "/not/there" };

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Kinds => ["proxies", "postgres", "aws", "a broken file of aws", "node", "listeners", "German", "Turkish", "no home"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_changes_nothing(string kind)
    {
        await using var local = OrdersLocalProcess.Start(_folder.Path, EnvironmentOf(kind), "--ephemeral");
        await local.ReadyAsync();

        using var endpoints = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.In(".orders", "endpoints.json")));
        using var api = Client(endpoints, "api");
        using var placed = await api.PostAsync("/v1/orders", new StringContent(Order, null, "application/json"));
        placed.EnsureSuccessStatusCode();
        using var order = JsonDocument.Parse(await placed.Content.ReadAsByteArrayAsync());
        var id = order.RootElement.GetProperty("order_id").GetString();

        using var query = Client(endpoints, "query");
        query.DefaultRequestHeaders.Add("Prefer", "wait=60");
        using var read = JsonDocument.Parse(await query.GetStringAsync($"/v1/orders/{id}?min_version=1"));
        read.RootElement.GetProperty("items")[0].GetProperty("product_name").GetString().ShouldBe("Iğdır çayı, 250 g");
        read.RootElement.GetProperty("amount").GetRawText().ShouldBe("1234.56");

        using var graphQL = Client(endpoints, "graphql");
        using var answer = await graphQL.PostAsJsonAsync("/graphql", new { query = $$"""{ order(id: "{{id}}") { amount } }""" });
        (await answer.Content.ReadAsStringAsync()).ShouldContain("\"1234.56\"");
    }

    [Fact]
    public async Task A_setting_is_read_without_a_language()
    {
        // Of 0.05 a German reader makes five, which would be in the range.
        var environment = EnvironmentOf("German");
        environment["Orders__Store__TimeoutSeconds"] = "0.05";
        await using var local = OrdersLocalProcess.Start(_folder.Path, environment, "--ephemeral");

        (await local.ExitAsync()).ShouldBe(1);

        local.Output.ShouldContain("Orders__Store__TimeoutSeconds: '0.05' is not a number from 0.1 to 60");
    }

    [Theory]
    [InlineData("/not/there")]
    [InlineData("not/there")]
    [InlineData("/etc/passwd")]
    [InlineData("/proc")]
    public async Task A_temporary_folder_that_cannot_be_written_is_one_line(string folder)
    {
        await using var local = OrdersLocalProcess.Start(_folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["TMPDIR"] = folder }, "--ephemeral");

        (await local.ExitAsync()).ShouldBe(1);

        var line = local.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ShouldHaveSingleItem();
        line.ShouldContain(folder);
        line.ShouldContain("TMPDIR");
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> EnvironmentOf(string kind)
    {
        switch (kind)
        {
            case "proxies":
                return new(Proxies, StringComparer.Ordinal);
            case "postgres":
                return new(Postgres, StringComparer.Ordinal);
            case "aws":
                return new(Aws, StringComparer.Ordinal);
            case "listeners":
                return new(Listeners, StringComparer.Ordinal);
            case "a broken file of aws":
                File.WriteAllText(_folder.In("aws"), "[default]\nendpoint_url=http://127.0.0.1:1\n[broken\n");
                return new(StringComparer.Ordinal) { ["AWS_CONFIG_FILE"] = _folder.In("aws") };
            case "node":
                return new(Node, StringComparer.Ordinal);
            case "no home":
                return new(StringComparer.Ordinal) { ["HOME"] = "/not/there" };
            default:
                Assert.SkipUnless(HasLanguages(), "there is no ICU here, without which .NET has no languages");
                var language = kind == "German" ? "de_DE.UTF-8" : "tr_TR.UTF-8";
                return new(StringComparer.Ordinal) { ["LANG"] = language, ["LC_ALL"] = language, ["TZ"] = "Asia/Kathmandu", ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "0" };
        }
    }

    private static bool HasLanguages() =>
        new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib" }.Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "libicuuc.so*").Any());

    private static HttpClient Client(JsonDocument endpoints, string service) => new()
    {
        BaseAddress = new(endpoints.RootElement.GetProperty(service).GetString()!),
        DefaultRequestHeaders = { Authorization = ServiceDefaults.TestService.Basic("foo", "bar") },
    };
}

using Orders.ServiceDefaults.Commands;
using Orders.Warehouse;
using Shouldly;
using Xunit;
using static Orders.Tests.Warehouse.Embedded.ViewLake;

namespace Orders.Tests.Warehouse.Embedded;

public sealed class SqlCommandTests : IDisposable
{
    private readonly ViewLake _lake = new();

    public SqlCommandTests() => _lake.Write("0-a", Change(1, 1, 1, "placed", amount: "10.10"), Change(2, 1, 2, "placed", amount: "20"));

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task A_table_for_people_JSON_and_CSV_for_programs()
    {
        const string Sql = "SELECT merchant_id, sum(amount)::DECIMAL(20,2) AS amount, NULL AS n, 'a \"b\", c' AS t FROM orders_current GROUP BY ALL ORDER BY 1";

        (await RunAsync(["sql", Sql])).ShouldBe((0, "merchant_id  amount  n     t\nm-0          20.00   NULL  a \"b\", c\nm-1          10.10   NULL  a \"b\", c\n", ""));
        (await RunAsync(["sql", "--csv", Sql])).ShouldBe((0, "merchant_id,amount,n,t\nm-0,20.00,,\"a \"\"b\"\", c\"\nm-1,10.10,,\"a \"\"b\"\", c\"\n", ""));
        var (code, json, _) = await RunAsync(["sql", "--json", "--limit", "1", Sql]);
        (code, json.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal)).ShouldBe((0, """[{"merchant_id":"m-0","amount":20.00,"n":null,"t":"a\"b\",c"}]"""));
    }

    [Fact]
    public async Task Without_an_argument_standard_input_has_the_query()
    {
        (await RunAsync(["sql", "--csv", "--limit", "1"], "SELECT 1 AS a\nUNION ALL SELECT 1")).ShouldBe((0, "a\n1\n", "There are more rows. --limit 1 is what was written.\n"));
    }

    [Fact]
    public async Task A_failure_is_told_and_nothing_is_written_to_the_result()
    {
        var (code, output, error) = await RunAsync(["sql", "SELECT *\n FROM nowhere"]);
        (code, output).ShouldBe((ExitCodes.Failed, ""));
        error.ShouldContain("nowhere does not exist");
        (await RunAsync(["sql", "DROP VIEW orders_current"])).Code.ShouldBe(ExitCodes.Failed);
    }

    [Theory]
    [InlineData("--limit", "0")]
    [InlineData("--timeout", "x")]
    [InlineData("--json", "--csv")]
    public async Task A_wrong_option_is_bad_usage(string option, string value) =>
        (await RunAsync(["sql", "SELECT 1", option, value])).Code.ShouldBe(ExitCodes.BadUsage);

    private async Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string input = "")
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Orders:Warehouse:Lake"] = _lake.Folder,
            ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1",
            ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:1",
            ["AWS_REGION"] = "us-east-1",
            ["Orders:Table"] = "orders",
        };
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await WarehouseCommands.RunAsync(arguments, settings, new(new StringReader(input), output, error));
        return (code, output.ToString(), error.ToString());
    }
}

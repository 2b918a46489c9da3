using System.Text;
using System.Text.Json;
using DynamoStreams.Postgres.Mapping;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Postgres;

/// <summary>What can be declared, and what a wrong declaration says.</summary>
public sealed class TableMapDeclarationTests(MappedTable table) : IClassFixture<MappedTable>
{
    [Fact]
    public void What_is_missing_or_wrong_is_said_by_name()
    {
        Should.Throw<InvalidOperationException>(() => PostgresTable.Map<Everything>().Key(e => e.Text).CreateStatements()).Message.ShouldContain("ToTable");
        Should.Throw<InvalidOperationException>(() => PostgresTable.Map<Everything>().ToTable("t").CreateStatements()).Message.ShouldContain("Key");
        Should.Throw<InvalidOperationException>(() => PostgresTable.Map<Everything>().Version(e => e.Long).Version(e => e.Long, "other")).Message.ShouldContain("version");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text.Length)).Message.ShouldContain("no member of Everything");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Span)).Message.ShouldContain("Everything.Span is TimeSpan");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text).Column(e => e.Guid, "text")).Message.ShouldContain("The column text");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text, "place")).Message.ShouldContain("The column place");
    }

    [Fact]
    public async Task Every_type_arrives_without_a_loss()
    {
        var map = PostgresTable.Map<Everything>().ToTable("public.every thing").Key(e => e.Guid, "the \"key\"").Column(e => e.Text).Column(e => e.Flag).Column(e => e.Int).Column(e => e.Long)
            .Column(e => e.Money).Column(e => e.Double).Column(e => e.At).Column(e => e.Day).Column(e => e.Bytes).Column(e => e.Lines).Column(e => e.Missing).Column(e => e.MissingTime);
        await map.CreateAsync(table.Database);
        await map.CreateAsync(table.Database);
        var item = """
            {"guid":{"S":"0192f0c4-5a2e-7c11-9d3a-0f1e2d3c4b5a"},"text":{"S":"tea \"grün\" 茶"},"flag":{"BOOL":true},"int":{"N":"-7"},"long":{"N":"9007199254740993"},
             "money":{"N":"79228162514264337593543950.30"},"double":{"N":"1.5E-7"},"at":{"S":"2026-11-30T10:00:00.123456+02:00"},"day":{"S":"2026-02-28"},"bytes":{"B":"AAH/"},
             "lines":{"L":[{"M":{"n":{"N":"12345678901234567890123456789012345678"},"tags":{"SS":["a","b"]},"nothing":{"NULL":true}}},{"NS":["1","2.50"]}]},"span":{"S":"00:00:01"}}
            """;
        item = item.Replace("79228162514264337593543950.30", "79228162514264337593543950.3", StringComparison.Ordinal);

        var handler = map.Handler(table.Database, MappedTable.Schema);
        await handler.ApplyAsync(new(await table.LeaseAsync(), [table.Record(null, $$"""{"pk":{"S":"k"},{{item.TrimStart()[1..]}}""")], EndsShard: false), CancellationToken.None);

        (await table.ScalarAsync<string>(
            """"
            SELECT concat_ws('|', "the ""key""", text, flag, int, long, money, double, at AT TIME ZONE 'UTC', day, encode(bytes, 'hex'), lines #>> '{0,n}', lines #>> '{0,tags,1}', lines #>> '{1,1}')
                   || (missing IS NULL AND missing_time IS NULL)
              FROM "every thing"
            """")).ShouldBe("0192f0c4-5a2e-7c11-9d3a-0f1e2d3c4b5a|tea \"grün\" 茶|t|-7|9007199254740993|79228162514264337593543950.3|1.5e-07|2026-11-30 08:00:00.123456|2026-02-28|0001ff|12345678901234567890123456789012345678|b|2.50true");
    }

    [Theory]
    [InlineData("""{"a":{"S":"x"},"b":{"N":"1.50"},"c":{"M":{"d":{"L":[{"BOOL":false},{"NULL":true}]}}},"e":{"BS":["AA=="]}}""", """{"a":"x","b":1.50,"c":{"d":[false,null]},"e":["AA=="]}""")]
    [InlineData("{}", "{}")]
    public void An_image_becomes_plain_json(string image, string plain) => Encoding.UTF8.GetString(PlainJson.Of(Encoding.UTF8.GetBytes(image)).Span).ShouldBe(plain);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{"S":1}}""")]
    [InlineData("""{"a":{"N":"true"}}""")]
    [InlineData("""{"a":{"N":"1,2"}}""")]
    [InlineData("""{"a":{"Q":"1"}}""")]
    [InlineData("""{"a":{"S":"1","N":"2"}}""")]
    [InlineData("""{"a":{"L":{}}}""")]
    [InlineData("""{"a":{"S":"1"}""")]
    public void What_is_no_image_is_refused(string image) => Should.Throw<FormatException>(() => PlainJson.Of(Encoding.UTF8.GetBytes(image)));

    internal sealed record Everything(
        Guid Guid, string Text, bool Flag, int Int, long Long, decimal Money, double Double, DateTimeOffset At, DateOnly Day, byte[] Bytes, JsonElement Lines, TimeSpan Span,
        string? Missing = null, DateTimeOffset? MissingTime = null);
}

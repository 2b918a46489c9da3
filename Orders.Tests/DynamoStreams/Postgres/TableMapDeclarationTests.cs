using System.Text;
using System.Text.Json;
using DynamoStreams.Postgres;
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
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text.Length)).Message.ShouldContain("no property of Everything");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Version(e => e.Int)).Message.ShouldContain("Everything.Int is Int32. Declare it as Int64.");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<WithField>().Key(e => e.Id)).Message.ShouldContain("no property of WithField");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().ToTable("a.b.c")).Message.ShouldContain("schema.table");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().ToTable(new string('a', 53))).Message.ShouldContain("1 to 52 bytes");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text, "")).Message.ShouldContain("1 to 63 bytes");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Column(e => e.Text, "deleted_at")).Message.ShouldContain("library's own");
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().Only(null!, null!));
        Should.Throw<ArgumentException>(() => PostgresTable.Map<Everything>().ToTable("t").Key(e => e.Text).Handler(null!));
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
    [InlineData("amount", """{"N":"0.00000000000000000000000000000012345"}""", "more digits")]
    [InlineData("amount", """{"N":"1E-130"}""", "more digits")]
    [InlineData("amount", """{"N":"1.2345678901234567E-20"}""", "more digits")]
    [InlineData("amount", """{"N":"1E30"}""", "too large")]
    [InlineData("amount", """{"S":"12"}""", "amount")]
    [InlineData("count", """{"S":"12"}""", "count")]
    [InlineData("at", """{"S":"9999-12-31T23:59:59.9999999Z"}""", "timestamptz")]
    [InlineData("at", """{"S":"2026-01-01T00:00:00.0000001Z"}""", "timestamptz")]
    [InlineData("day", """{"S":"9999-12-31"}""", "infinity")]
    [InlineData("name", null, "name")]
    public async Task What_would_be_changed_on_its_way_is_refused(string attribute, string? value, string reason)
    {
        var handler = PostgresTable.Map<Plain>().ToTable("plain").Key(e => e.Id).Column(e => e.Name).Column(e => e.Amount).Column(e => e.Count).Column(e => e.At).Column(e => e.Day)
            .Handler(table.Database, MappedTable.Schema);
        Dictionary<string, string> item = new(StringComparer.Ordinal) { ["pk"] = """{"S":"k"}""", ["id"] = """{"S":"k"}""", ["name"] = """{"S":"n"}""" };
        _ = value is null ? item.Remove(attribute) : item.TryAdd(attribute, value);
        var image = $"{{{string.Join(',', item.Select(member => $"\"{member.Key}\":{member.Value}"))}}}";

        var refused = Should.Throw<UnreadableRecordException>(() => { handler.Prepare(new(new("arn", "shard", 1, null), [table.Record(null, image)], EndsShard: false)); });
        refused.Message.ShouldContain(reason);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Many_instances_create_it_together()
    {
        var map = PostgresTable.Map<Plain>().ToTable("together").Key(e => e.Id);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => map.CreateAsync(table.Database))));
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

    // A class: nothing but its nullability says what must be there.
    internal sealed class Plain
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public decimal? Amount { get; set; }

        public long? Count { get; set; }

        public DateTimeOffset? At { get; set; }

        public DateOnly? Day { get; set; }
    }

    internal sealed class WithField
    {
#pragma warning disable CA1051, CS0649
        public string? Id;
#pragma warning restore CA1051, CS0649
    }
}

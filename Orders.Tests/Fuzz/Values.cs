using System.Globalization;
using System.Text.Json.Nodes;

namespace Orders.Tests.Fuzz;

/// <summary>Values as they should be, by the name of a parameter or a member, and values that people send by
/// mistake or on purpose.</summary>
/// <param name="random">The chance of the request.</param>
/// <param name="known">What is in the stores.</param>
internal sealed class Values(Random random, Known known)
{
    private static readonly string[] Texts =
    [
        "", " ", "  a", "a ", "a", "0", "-1", "1.5", "+1", "1e3", "00", "NaN", "Infinity", "null", "true", "undefined", "[]", "{}", "\"", "'", "\\", "/", "//", "..", "../..", "a/b", "a,b", ",", ",,,",
        "a?b#c%d&e=f", "100%", "%", "%zz", "%00", "%2F", "+", "*", "\t", "a\nb", "a\r\nX-Injected: 1", "a\0b", "\u0001", "\u007f", "\u0085", "\u2028", "\ufeff", "\ufffe", "\u202e", "é", "名前", "𝄞", "\ud800", "İ", "ß",
        "'; DROP TABLE orders; --", "1 OR 1=1", "<script>alert(1)</script>", "${jndi:ldap://x}", "{{7*7}}", "$where", "__proto__", "constructor", "hasOwnProperty",
        "2147483647", "2147483648", "-2147483649", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "99999999999999999999999999999999999999", "1E400", "0x10",
        "2026-01-31", "2026-13-01T00:00:00Z", "2026-01-31T09:30:00+25:00", "2016-12-31T23:59:60Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "now",
        "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "{019c133d-5740-7c3e-9b1a-2f8e6d4c5b3a}", "019c133d57407c3e9b1a2f8e6d4c5b3a",
        "INR", "inr", "XXX", "placed", "PLACED", "unknown", "wait=99999999999", "wait=-1", "respond-async", "W/\"\"", "\"\"", "\"1\", \"2\"", "\"9223372036854775808\"", "*, \"1\"",
        new('a', 128), new('a', 129), new('a', 4_000), new('€', 300), new('%', 500), new(',', 2_000), new('9', 1_000),
    ];

    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "0.1", "1.5", "1e3", "1E-7", "1e400", "-1e400", "1E-400", "2147483648", "9007199254740993", "9223372036854775807", "9223372036854775808", "999999999999.9999", "1000000000000",
        "0.00000000000000000000000000000000000001", "123456789012345678901234567890.123456789", "1.0000000000000000000000000000000000000000000000001",
    ];

    private static readonly string[] Currencies = ["INR", "USD", "JPY", "KWD"];
    private static readonly string[] Statuses = ["placed", "paid", "shipped", "completed", "cancelled"];
    private static readonly string[] Times = ["2026-01-31T09:30:00Z", "2026-01-31", "2026-11-30T13:30:00+05:30", "2026-12-01T00:00:00.123Z"];

    private static readonly string[] Queries =
    [
        "SELECT 1", "SELECT count(*) FROM order_changes", "SELECT * FROM orders_current LIMIT 3", "SELECT", "DROP TABLE order_changes", "SELECT * FROM read_csv('/etc/passwd')", "COPY (SELECT 1) TO '/tmp/x'",
        "SELECT 1; SELECT 2", "INSTALL httpfs", "SELECT 'é', NULL, 1.5::DECIMAL(38,10), [1,2], {'a': 1}", "SELECT 1/0", "SELECT 1e400::DOUBLE, 'nan'::DOUBLE", "PRAGMA database_list", "SELECT * FROM no_such", "ATTACH '/tmp/x'", "SET memory_limit='1GB'",
        "SELECT timestamp '2026-01-01', interval 1 day, uuid(), '\\x00'::BLOB", "SELECT range(3000)", "WITH a AS (SELECT 1) SELECT * FROM a", "-- nothing", "SELECT getenv('HOME')", "SELECT current_setting('threads')",
    ];

    /// <summary>A text that is likely to be wrong.</summary>
    public string Odd() => random.Percent(85) ? random.OneOf(Texts) : random.OneOf(Texts) + random.OneOf(Texts);

    /// <summary>A text that is likely to be right for a parameter or a member of this name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="path">The route, which tells what an id is of.</param>
    public string Good(string name, string path) => name switch
    {
        "merchant_id" or "merchantId" => random.OneOf(known.Merchants),
        "customer_id" or "customerId" => random.OneOf(known.Customers),
        "product_id" or "productId" => random.OneOf(known.Products),
        "order_id" or "orderId" => random.OneOf(known.OrderIds),
        "id" or "ids" when path.Contains("customer", StringComparison.Ordinal) => Several(name, known.Customers),
        "id" or "ids" when path.Contains("product", StringComparison.Ordinal) => Several(name, known.Products),
        "id" when path.Contains("dead-letters", StringComparison.Ordinal) => Whole(1, 9),
        "id" or "ids" => Several(name, known.OrderIds),
        "question" => random.OneOf(known.Questions),
        "cursor" or "after" or "last_event_id" or "Last-Event-ID" => random.OneOf(known.Cursors),
        "status" => random.OneOf(Statuses),
        "currency" => random.OneOf(Currencies),
        "from" or "to" => random.OneOf(Times),
        "limit" or "limit_each" or "first" => Whole(1, 60),
        "min_version" or "after_version" or "afterVersion" => Whole(0, 3),
        "Prefer" => $"wait={Whole(0, 2)}",
        "If-None-Match" or "If-Match" => $"\"{Whole(1, 4)}\"",
        "Idempotency-Key" => $"fuzz-{Whole(0, 30)}",
        "repair" => random.OneOf("true", "false"),
        "product_name" => random.OneOf("Tea", "Pot \"N° 1\"", "名前"),
        "sql" => random.OneOf(Queries),
        _ => Whole(0, 100),
    };

    /// <summary>A JSON value that is likely to be wrong; as text, since not every one is JSON that a writer
    /// would write.</summary>
    public string OddJson() => random.Next(8) switch
    {
        0 or 1 or 2 => JsonValue.Create(Odd()).ToJsonString(),
        3 or 4 => random.OneOf(Numbers),
        5 => random.OneOf("null", "true", "false", "[]", "{}", "[null]", "{\"a\":1}", "\"\\ud800\"", "\"\\u0000\""),
        6 => random.OneOf("NaN", "01", "1.", ".5", "'a'", "\"a", "[1,]", "{\"a\":}", "//", "/* */1", "\"\t\"", "\"\\x\"", ""),
        _ => Deep(random.OneOf(3, 60, 70, 1_000)),
    };

    /// <summary>A number that is right for a member of this name.</summary>
    public string GoodNumber(string name) => name switch
    {
        "quantity" => Whole(1, 5),
        "amount" or "unit_price" => $"{Whole(1, 500)}.{random.OneOf("00", "50")}",
        _ => Whole(0, 100),
    };

    private string Several(string name, IReadOnlyList<string> values) =>
        name == "id" ? random.OneOf(values) : string.Join(',', Enumerable.Range(0, random.Next(1, 6)).Select(_ => (random.Percent(30) ? $"{random.OneOf(known.Merchants)}/" : "") + random.OneOf(values)));

    private string Whole(int from, int to) => random.Next(from, to + 1).ToString(CultureInfo.InvariantCulture);

    private string Deep(int levels) => random.Percent(50)
        ? $"{new string('[', levels)}{new string(']', levels)}"
        : $"{string.Concat(Enumerable.Repeat("{\"a\":", levels))}1{new string('}', levels)}";
}

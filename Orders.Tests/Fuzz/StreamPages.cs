using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Orders.Tests.Fuzz;

/// <summary>
/// Answers of GetRecords, as the service gives them, and what becomes of them on a bad way.
/// </summary>
/// <param name="random">The chance of the page.</param>
internal sealed class StreamPages(Random random)
{
    private static readonly string[] Odd =
    [
        "null", "true", "0", "-1", "1e400", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "[{}]", "{\"S\":1}", "{\"S\":\"a\",\"N\":\"1\"}", "{\"N\":\"1e999\"}", "{\"N\":\"\"}", "{\"L\":{}}", "{\"M\":[]}", "{\"BOOL\":\"true\"}",
        "{\"NULL\":false}", "{\"SS\":[]}", "{\"B\":\"not base64!\"}", "\"999999999999999999999999999999999999999999\"", "1795210350.123", "\"INSERT\"", "\"REMOVE\"",
    ];

    /// <summary>A page of up to five records; two in three are spoilt.</summary>
    public byte[] Next()
    {
        var page = new JsonObject
        {
            ["Records"] = new JsonArray([.. Enumerable.Range(0, random.Next(0, 6)).Select(number => (JsonNode)Record(number))]),
            ["NextShardIterator"] = "next",
        };
        var spoilt = random.Percent(40) ? SpoilValues(page) : page.ToJsonString();
        var bytes = Encoding.UTF8.GetBytes(spoilt);
        return random.Percent(35) ? Bodies.SpoilBytes(random, bytes) : bytes;
    }

    private JsonObject Record(int number)
    {
        var id = $"{Guid.CreateVersion7(DateTimeOffset.UnixEpoch.AddMilliseconds(random.Next()))}";
        var change = new JsonObject
        {
            ["ApproximateCreationDateTime"] = 1_795_210_350 + number,
            ["Keys"] = new JsonObject { ["pk"] = Text($"ORDER#{id}"), ["sk"] = Text("ORDER") },
            ["SequenceNumber"] = $"{4_421_584_500_000L + number}",
            ["SizeBytes"] = 100,
            ["StreamViewType"] = "NEW_AND_OLD_IMAGES",
        };
        var what = random.OneOf("INSERT", "MODIFY", "REMOVE");
        if (what != "REMOVE")
        {
            change["NewImage"] = Image(id, number + 2);
        }

        if (what != "INSERT")
        {
            change["OldImage"] = Image(id, number + 1);
        }

        return new()
        {
            ["eventID"] = $"e{number}",
            ["eventName"] = what,
            ["eventVersion"] = "1.1",
            ["dynamodb"] = change,
            ["userIdentity"] = random.Percent(10) ? new JsonObject { ["Type"] = "Service", ["PrincipalId"] = "dynamodb.amazonaws.com" } : null,
        };
    }

    private JsonObject Image(string id, int version) => new()
    {
        ["pk"] = Text($"ORDER#{id}"),
        ["sk"] = Text("ORDER"),
        ["entity"] = Text("order"),
        ["order_id"] = Text(id),
        ["merchant_id"] = Text("merchant-1"),
        ["status"] = Text("placed"),
        ["currency"] = Text("INR"),
        ["amount"] = new JsonObject { ["N"] = "25.00" },
        ["placed_at"] = Text("2026-01-31T09:30:00.000Z"),
        ["updated_at"] = Text("2026-01-31T09:30:00.000Z"),
        ["version"] = new JsonObject { ["N"] = version.ToString(CultureInfo.InvariantCulture) },
        ["items"] = new JsonObject
        {
            ["L"] = new JsonArray(new JsonObject
            {
                ["M"] = new JsonObject
                {
                    ["product_id"] = Text("tea"),
                    ["product_name"] = Text(random.OneOf("Tea", "名前 \"x\" \\", "𝄞")),
                    ["quantity"] = new JsonObject { ["N"] = "2" },
                    ["unit_price"] = new JsonObject { ["N"] = "12.50" },
                },
            }),
        },
    };

    private static JsonObject Text(string value) => new() { ["S"] = value };

    // Any value replaced by another one, any member left out, doubled or renamed.
    private string SpoilValues(JsonObject page)
    {
        var marks = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var objects = Objects(page).Where(one => one.Count > 0).ToList();
            if (objects.Count == 0)
            {
                break;
            }

            var one = random.OneOf(objects);
            var (name, _) = random.OneOf(one.ToList());
            switch (random.Next(4))
            {
                case 0:
                    one.Remove(name);
                    break;
                case 1:
                    var doubled = $"\u0001{marks.Count}";
                    marks[JsonValue.Create(doubled).ToJsonString()] = JsonValue.Create(name).ToJsonString();
                    one[doubled] = JsonNode.Parse(random.OneOf("null", "1", "\"x\"", "{}", "[]", "{\"S\":\"y\"}"));
                    break;
                default:
                    var mark = $"\u0002{marks.Count}";
                    marks[JsonValue.Create(mark).ToJsonString()] = random.OneOf(Odd);
                    one[name] = mark;
                    break;
            }
        }

        return marks.Aggregate(page.ToJsonString(), (text, mark) => text.Replace(mark.Key, mark.Value, StringComparison.Ordinal));
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Objects(member.Value)).Prepend(one),
        JsonArray several => several.SelectMany(Objects),
        _ => [],
    };
}

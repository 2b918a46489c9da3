using System.Text.Json;
using Orders.Api.Body;
using Orders.Api.Place;

namespace Orders.Api.Batch;

/// <summary>The orders of a batch as they were sent, each parsed independently.</summary>
/// <param name="Orders">In the order of the body; each is a request or its errors.</param>
internal sealed record BatchBody(IReadOnlyList<Parsed<OrderRequest>> Orders)
{
    /// <summary>The most orders in a batch.</summary>
    public const int Most = 1000;

    // One level more than for an order, whose reader reports what is too deep.
    private const int Depth = 64;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Depth };

    /// <summary>Reads one order from each line; empty lines do not count.</summary>
    public static Parsed<BatchBody> ReadLines(ReadOnlySpan<byte> body)
    {
        if (JsonText.Foreign(body) is { } foreign)
        {
            return Failed(foreign);
        }

        var orders = new List<Parsed<OrderRequest>>();
        var count = 0;
        foreach (var range in body.Split((byte)'\n'))
        {
            var line = body[range];
            if (JsonText.Trim(line).IsEmpty)
            {
                continue;
            }

            if (++count <= Most)
            {
                orders.Add(OrderRequestReader.Read(line));
            }
        }

        return Counted(orders, count);
    }

    /// <summary>
    /// Reads a JSON array of orders. After a JSON syntax error the next order cannot be found, so the whole
    /// body is rejected.
    /// </summary>
    public static Parsed<BatchBody> ReadArray(ReadOnlySpan<byte> body)
    {
        if (JsonText.Foreign(body) is { } foreign)
        {
            return Failed(foreign);
        }

        var text = JsonText.Trim(body);
        if (text.IsEmpty)
        {
            return Failed("is missing: send a JSON array of orders");
        }

        var orders = new List<Parsed<OrderRequest>>();
        var count = 0;
        try
        {
            var json = new Utf8JsonReader(text, Options);
            _ = json.Read();
            if (json.TokenType != JsonTokenType.StartArray)
            {
                return Failed("must be a JSON array of orders");
            }

            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)json.TokenStartIndex;
                json.Skip();
                if (++count <= Most)
                {
                    orders.Add(OrderRequestReader.Read(text[start..(int)json.BytesConsumed]));
                }
            }

            // Throws when anything follows the array.
            _ = json.Read();
        }
        catch (JsonException broken)
        {
            return Failed(JsonText.Describe(broken, text, Depth));
        }

        return Counted(orders, count);
    }

    private static Parsed<BatchBody> Counted(List<Parsed<OrderRequest>> orders, int count) =>
        count is 0 or > Most ? Failed($"must hold 1 to {Most} orders, and holds {count}") : Parsed<BatchBody>.Of(new BatchBody(orders));

    private static Parsed<BatchBody> Failed(string message)
    {
        var errors = new FieldErrors();
        errors.Add(FieldPath.Body, message);
        return Parsed<BatchBody>.Failed(errors);
    }
}

using System.Text.Json;
using Orders.Domain;

namespace Orders.Query;

/// <summary>A page of orders, and how to ask for the next: <c>{"orders":[…],"next_cursor":"…"}</c>, null on the last page.</summary>
/// <param name="Orders">Newest first.</param>
/// <param name="NextCursor">To be sent back as it is.</param>
internal sealed record OrderPage(IReadOnlyList<Order> Orders, string? NextCursor) : IResult
{
    private const string ContentType = "application/json; charset=utf-8";

    // What is buffered before it goes out: large enough for few writes, small enough for many readers at once.
    private const int FlushBytes = 32 * 1024;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        ReadHeaders.Write(response, ServedBy.Postgres);
        response.ContentType = ContentType;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;
        var flushed = 0L;
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("orders"u8);
        foreach (var order in Orders)
        {
            OrderJson.Write(json, order);
            if (json.BytesPending + json.BytesCommitted - flushed < FlushBytes)
                continue;
            await json.FlushAsync(httpContext.RequestAborted);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            flushed = json.BytesCommitted;
        }

        json.WriteEndArray();
        json.WriteString("next_cursor"u8, NextCursor);
        json.WriteEndObject();
    }
}

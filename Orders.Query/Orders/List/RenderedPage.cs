using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Orders.Domain;

namespace Orders.Query;

/// <summary>200 with a page, written as it is rendered.</summary>
internal sealed class RenderedPage(OrderPage page) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/json; charset=utf-8";

    // What is buffered before it goes out: large enough for few writes, small enough for many readers at once.
    private const int FlushBytes = 32 * 1024;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(OrderPage), ["application/json"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        ReadHeaders.Write(response, ServedBy.Postgres);
        response.ContentType = ContentType;
        if (HttpMethods.IsHead(httpContext.Request.Method))
            return;

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        var flushed = 0L;
        json.WriteStartObject();
        json.WriteStartArray("orders"u8);
        foreach (var order in page.Orders)
        {
            OrderJson.Write(json, order);
            if (json.BytesPending + json.BytesCommitted - flushed < FlushBytes)
                continue;
            await json.FlushAsync(httpContext.RequestAborted);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            flushed = json.BytesCommitted;
        }

        json.WriteEndArray();
        json.WriteString("next_cursor"u8, page.NextCursor);
        json.WriteEndObject();
    }
}

using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orders.Query.Http;

/// <summary>
/// 200 with a long response, sent while it is rendered. Its data is in memory already, so that a slow client
/// holds no connection of a store.
/// </summary>
/// <typeparam name="TAnswer">The type of the response, for the OpenAPI document.</typeparam>
/// <param name="write">Writes the whole response. It yields a value, which is ignored, at each point where
/// the written part may be flushed.</param>
internal sealed class StreamedJson<TAnswer>(Func<Utf8JsonWriter, IEnumerable<bool>> write) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/json; charset=utf-8";

    // The size of the buffer: large enough for few writes, small enough for many concurrent readers.
    private const int FlushBytes = 32 * 1024;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(TAnswer), ["application/json"]));

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        ReadHeaders.Write(response, ServedBy.Postgres);
        response.ContentType = ContentType;
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        await using var json = new Utf8JsonWriter(response.BodyWriter);
        var flushed = 0L;
        foreach (var _ in write(json))
        {
            if (json.BytesPending + json.BytesCommitted - flushed < FlushBytes)
            {
                continue;
            }

            await json.FlushAsync(httpContext.RequestAborted);
            await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
            flushed = json.BytesCommitted;
        }
    }
}

using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Orders.Query.Http;

/// <summary>
/// 200 with a long answer, written as it is rendered. What it is made of is in memory by now, so that a
/// client who reads slowly holds up no store.
/// </summary>
/// <typeparam name="TAnswer">What the answer says, for the OpenAPI document.</typeparam>
/// <param name="write">Writes the whole answer, and comes back with something, no matter what, wherever a
/// part of it may go out.</param>
internal sealed class StreamedJson<TAnswer>(Func<Utf8JsonWriter, IEnumerable<bool>> write) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/json; charset=utf-8";

    // What is buffered before it goes out: large enough for few writes, small enough for many readers at
    // once.
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

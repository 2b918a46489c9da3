using System.Buffers;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Orders.Domain;
using Orders.Query.Http;
using Orders.Query.Metrics;

namespace Orders.Query.ById;

/// <summary>
/// 200 with an order's bytes as they were rendered, or 304 when the client has that version already.
/// </summary>
internal sealed class RenderedOrder(long version, byte[] body, ServedBy servedBy) : IResult, IEndpointMetadataProvider
{
    private const string ContentType = "application/json; charset=utf-8";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(Order), ["application/json"]));
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var tag = EntityTags.Of(version);
        response.Headers.ETag = tag;
        ReadHeaders.Write(response, servedBy);
        QueryMetrics.CountRead(servedBy);
        if (EntityTags.Match(httpContext.Request.Headers.IfNoneMatch, tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = ContentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            // Not flushed here: the server sends headers and body together when the request ends.
            response.BodyWriter.Write(body);
        }

        return Task.CompletedTask;
    }
}

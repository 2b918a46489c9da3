using System.Buffers;
using System.IO.Pipelines;

namespace Orders.Api.Body;

/// <summary>
/// Reads a request's whole body, which the server limits to 1 MiB, and passes it to a parser in one piece.
/// </summary>
internal static class RequestBody
{
    /// <summary>Parses bytes. Static, so that no request allocates a closure.</summary>
    public delegate T Parser<out T>(ReadOnlySpan<byte> body);

    public static async Task<T> ParseAsync<T>(HttpRequest request, Parser<T> parse)
    {
        var body = await ReadToEndAsync(request.BodyReader, request.HttpContext.RequestAborted);
        try
        {
            return body.IsSingleSegment ? parse(body.FirstSpan) : ParseCopy(body, parse);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadToEndAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.IsCompleted)
            {
                return read.Buffer;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static T ParseCopy<T>(ReadOnlySequence<byte> body, Parser<T> parse)
    {
        var length = (int)body.Length;
        var copy = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(copy);
            return parse(copy.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }
}

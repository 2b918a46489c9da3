using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A body in chunks as the server reads it. Whatever fails while the client's bytes are read is the client's
/// error (400), and no store's: the server has several exceptions for malformed chunks, and some are those
/// of a broken connection.
/// </summary>
internal sealed class ChunkedBody(Stream body) : ReadOnlyBody
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception broken) when (broken is not (BadHttpRequestException or OperationCanceledException))
        {
            throw new BadHttpRequestException("The chunks of the body are malformed, or end too early.", StatusCodes.Status400BadRequest, broken);
        }
    }
}

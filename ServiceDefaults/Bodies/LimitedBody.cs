using Microsoft.AspNetCore.Http;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>
/// A request's body of unknown length that ends in a 413 when more than <paramref name="limit"/> bytes come,
/// and takes memory from the budget when it is no small one.
/// </summary>
internal sealed class LimitedBody(Stream body, long limit, string refusal, BodyMemory memory) : ReadOnlyBody
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await body.ReadAsync(buffer, cancellationToken));

    private int Count(int bytes)
    {
        _read += bytes;
        if (_read > limit)
        {
            throw new BadHttpRequestException(refusal, StatusCodes.Status413PayloadTooLarge);
        }

        if (_read > BodyBudget.FreeBytes)
        {
            memory.TakeMost();
        }

        return bytes;
    }
}

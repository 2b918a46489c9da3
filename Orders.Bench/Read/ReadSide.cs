namespace Orders.Bench.Read;

/// <summary>A server and what it is asked.</summary>
/// <param name="Name">What it is, in a few words.</param>
/// <param name="Server">Its address.</param>
/// <param name="Requests">A request for each order.</param>
internal sealed record ReadSide(string Name, Uri Server, byte[][] Requests)
{
    /// <summary>A request for any order.</summary>
    public ReadOnlyMemory<byte> Next() => Requests[Random.Shared.Next(Requests.Length)];
}

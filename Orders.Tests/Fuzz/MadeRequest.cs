using System.Text;

namespace Orders.Tests.Fuzz;

/// <summary>A request that was made up.</summary>
/// <param name="Number">Its number in the run.</param>
/// <param name="Service">Who is asked.</param>
/// <param name="Message">The request.</param>
/// <param name="Operation">The operation that it surely reaches; null when its method or path may lead
/// elsewhere.</param>
/// <param name="Key">Who asks.</param>
internal sealed record MadeRequest(int Number, string Service, HttpRequestMessage Message, ApiOperation? Operation, FuzzKey Key)
{
    // As much of a body as helps.
    private const int Shown = 2_000;

    /// <summary>The request as a person reads it.</summary>
    public async Task<string> ToTextAsync()
    {
        var body = Message.Content is null ? "" : Encoding.UTF8.GetString(await Message.Content.ReadAsByteArrayAsync());
        var headers = Message.Headers.Concat(Message.Content?.Headers.AsEnumerable() ?? []).Where(header => header.Key != "Authorization");
        return $"""
            #{Number} to {Service} as {Key.Id ?? "nobody"}: {Message.Method} {Message.RequestUri!.OriginalString}
            {string.Join('\n', headers.Select(header => $"{header.Key}: {string.Join(" | ", header.Value)}"))}
            {(body.Length > Shown ? $"{body[..Shown]}… ({body.Length})" : body)}
            """;
    }
}

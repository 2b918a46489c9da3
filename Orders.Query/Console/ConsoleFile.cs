using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Orders.Query.Console;

/// <summary>A file of the console page, in memory.</summary>
/// <param name="Path">Its route: <c>/console/main.js</c>.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">With the charset.</param>
internal sealed record ConsoleFile(string Path, ReadOnlyMemory<byte> Content, string ContentType)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(Content.Span)[..12])}\"");

    /// <summary>
    /// The file, or 304 when the client has it. HEAD gets the same response without the body.
    /// </summary>
    public FileContentHttpResult Answer() => TypedResults.Bytes(Content, ContentType, entityTag: _tag);
}

using Microsoft.Extensions.Primitives;

namespace Orders.Query.Http;

/// <summary>Headers that answers of this service share.</summary>
internal static class ReadHeaders
{
    private static readonly StringValues Redis = "redis";
    private static readonly StringValues Postgres = "postgres";

    // Orders are private and change at any time: a client may cache one if it revalidates it each time.
    private static readonly StringValues AskAgain = "private, no-cache";

    public static void Write(HttpResponse response, ServedBy servedBy)
    {
        response.Headers.CacheControl = AskAgain;
        response.Headers["X-Served-By"] = servedBy == ServedBy.Redis ? Redis : Postgres;
    }
}

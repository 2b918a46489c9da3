using System.Text.Unicode;
using Orders.ServiceDefaults.Errors;

namespace Orders.Query.Http;

/// <summary>
/// Rejects a query string whose escapes are not UTF-8. The platform would keep them unchanged, and
/// <c>caf%E9</c> would silently be the id of nothing.
/// </summary>
internal static class QueryStringFilter
{
    private const int Short = 512;

    /// <summary>Runs around a handler.</summary>
    public static ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.QueryString.Value is { } query && query.Contains('%', StringComparison.Ordinal) && !IsUtf8(query)
            ? new(Problems.Validation(Wrong(query)))
            : next(context);

    private static Dictionary<string, string[]> Wrong(string query)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var parameter in query.TrimStart('?').Split('&').Where(parameter => !IsUtf8(parameter)))
        {
            errors.TryAdd(Uri.UnescapeDataString(parameter.Split('=', 2)[0]), ["is not UTF-8: percent-encode each letter beyond ASCII as its bytes in UTF-8, é as %C3%A9."]);
        }

        return errors;
    }

    /// <summary>
    /// Whether the escapes of a query string decode to UTF-8. Other characters stand for themselves.
    /// </summary>
    internal static bool IsUtf8(ReadOnlySpan<char> query)
    {
        var bytes = query.Length <= Short ? stackalloc byte[Short] : new byte[query.Length];
        var length = 0;
        for (var i = 0; i < query.Length; i++)
        {
            if (query[i] == '%' && i + 2 < query.Length && char.IsAsciiHexDigit(query[i + 1]) && char.IsAsciiHexDigit(query[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(query.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                // The server has already rejected anything that is not ASCII.
                bytes[length++] = (byte)query[i];
            }
        }

        return Utf8.IsValid(bytes[..length]);
    }
}

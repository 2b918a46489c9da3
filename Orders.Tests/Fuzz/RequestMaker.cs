using System.Net.Http.Headers;
using Orders.Tests.ServiceDefaults;

namespace Orders.Tests.Fuzz;

/// <summary>Makes requests to the operations of a service: most of them right in most parts.</summary>
/// <param name="service">Its name.</param>
/// <param name="address">Where it listens.</param>
/// <param name="operations">What its document describes.</param>
/// <param name="keys">Who may ask; the first most often.</param>
/// <param name="known">What is in the stores.</param>
internal sealed class RequestMaker(string service, Uri address, IReadOnlyList<ApiOperation> operations, IReadOnlyList<FuzzKey> keys, Known known)
{
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"];
    private static readonly string[] OddPaths = ["", "/..", "/%2e%2e", "//", "/.", "/%00", "/%", "/x", ";a=b", "%20", "/%c0%af", "?", "#a", "/{id}", "\\", "%5c"];
    private static readonly string[] MediaTypes = ["text/plain", "application/json; charset=utf-16", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "a", "application/json;", "*/*", "application/merge-patch+json", ""];
    private static readonly string[] OddHeaders = ["Accept", "Accept-Encoding", "Content-Encoding", "Range", "If-Modified-Since", "X-Forwarded-For", "X-Forwarded-Prefix", "X-Forwarded-Proto", "traceparent", "tracestate", "baggage", "Origin", "Cookie", "Expect", "X-HTTP-Method-Override", "Prefer", "If-Match", "If-None-Match", "Access-Control-Request-Method", "Sec-Fetch-Site"];

    /// <summary>The request of a number.</summary>
    public MadeRequest Next(int number, Random random)
    {
        var values = new Values(random, known);
        var operation = random.OneOf(operations);
        var sure = true;
        var path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? Part(part[1..^1]) : part));
        var method = operation.Method;
        if (random.Percent(4))
        {
            (method, sure) = (new(random.OneOf(Methods)), false);
        }

        if (random.Percent(4))
        {
            (path, sure) = (path + random.OneOf(OddPaths), false);
        }

        var message = new HttpRequestMessage(method, new Uri($"{address.GetLeftPart(UriPartial.Authority)}{path}{Query()}", AsItIs));
        AddBody(message, operation, random, values);
        AddHeaders(message, operation, random, values);
        var key = keys[Math.Min(random.OneOf(0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4), keys.Count - 1)];
        if (key.Id is not null)
        {
            message.Headers.Authorization = TestService.Basic(key.Id, key.Secret);
        }

        return new(number, service, message, sure ? operation : null, key);

        string Part(string name)
        {
            if (random.Percent(75))
            {
                return Uri.EscapeDataString(values.Good(name, operation.Path));
            }

            var odd = values.Odd();
            // An empty part, or dots, are another path.
            sure &= odd.Trim() is not ("" or "." or "..") && !odd.Contains('/', StringComparison.Ordinal) && !odd.Contains('\\', StringComparison.Ordinal) && odd.IndexOf('\0', StringComparison.Ordinal) < 0 && !odd.Contains('%', StringComparison.Ordinal);
            return Escape(odd, random);
        }

        string Query()
        {
            var some = operation.Parameters.Where(parameter => parameter.In == "query" && random.Percent(30)).Select(parameter => (parameter.Name, Value: Value(parameter.Name))).ToList();
            if (random.Percent(6))
            {
                some.Add((Escape(values.Odd(), random), Escape(values.Odd(), random)));
            }

            if (some.Count > 0 && random.Percent(5))
            {
                some.Add(random.OneOf(some));
            }

            return some.Count == 0 ? "" : $"?{string.Join('&', some.Select(one => $"{one.Name}={one.Value}"))}";
        }

        string Value(string name) => random.Percent(78) ? Uri.EscapeDataString(values.Good(name, operation.Path)) : Escape(values.Odd(), random);
    }

    private static string Escape(string text, Random random)
    {
        // A percent sign that is not escaped may be no escape at all.
        var raw = text.StartsWith('%') && random.Percent(50);
        return raw ? text.Replace("\n", "%0A", StringComparison.Ordinal) : Uri.EscapeDataString(text.Replace("\ud800", "\ufffd", StringComparison.Ordinal));
    }

    private static void AddBody(HttpRequestMessage message, ApiOperation operation, Random random, Values values)
    {
        if (operation.Bodies.Count == 0)
        {
            if (random.Percent(3))
            {
                message.Content = new ByteArrayContent([.. "{\"a\":1}"u8]);
            }

            return;
        }

        if (random.Percent(2))
        {
            return;
        }

        var (mediaType, schema) = random.OneOf(operation.Bodies.ToList());
        message.Content = new ByteArrayContent(new Bodies(random, values, operation.Path).Next(mediaType, schema));
        message.Content.Headers.TryAddWithoutValidation("Content-Type", random.Percent(5) ? random.OneOf(MediaTypes) : mediaType);
        message.Headers.TransferEncodingChunked = random.Percent(20) ? true : null;
    }

    private static void AddHeaders(HttpRequestMessage message, ApiOperation operation, Random random, Values values)
    {
        // What a form cannot send, as operations ask for.
        if (random.Percent(90))
        {
            message.Headers.Add("X-Requested-With", "fuzz");
        }

        foreach (var parameter in operation.Parameters.Where(parameter => parameter.In == "header" && random.Percent(40)))
        {
            Add(parameter.Name, random.Percent(75) ? values.Good(parameter.Name, operation.Path) : values.Odd());
        }

        if (random.Percent(10))
        {
            Add(random.OneOf(OddHeaders), random.Percent(30) ? random.OneOf("gzip", "identity", "br;q=0", "bytes=0-1", "100-continue", "no-cache", "text/html", "https://evil.example", "null", "DELETE") : values.Odd());
        }

        void Add(string name, string value)
        {
            // A client cannot send what would end the line; RawRequests does.
            var line = string.Concat(value.Where(letter => letter is >= ' ' and < '\u0100' and not '\u007f'));
            HttpHeaders headers = name.StartsWith("Content-", StringComparison.Ordinal) && message.Content is { } content ? content.Headers : message.Headers;
            headers.TryAddWithoutValidation(name, line);
        }
    }
}

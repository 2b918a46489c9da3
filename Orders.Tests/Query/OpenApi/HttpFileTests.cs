using System.Text;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class HttpFileTests(TestEngines engines)
{
    [Fact]
    public async Task The_file_of_requests_has_every_route_of_every_service_and_each_is_understood()
    {
        await using var system = await OrdersSystem.StartAsync(await engines.CreateStoresAsync());
        var services = new Dictionary<string, HttpClient>(StringComparer.Ordinal) { ["api"] = system.Api, ["query"] = system.Query, ["sync"] = system.Sync };
        var requests = await RequestsAsync();

        foreach (var (name, client) in services)
        {
            var paths = (await client.JsonAsync("/openapi/v1.json")).GetProperty("paths");
            foreach (var (path, method) in paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation.Name))))
            {
                requests.ShouldContain(
                    request => request.Service == name && request.Method.Equals(method, StringComparison.OrdinalIgnoreCase) && Fits(request.Path, path),
                    $"{method} {path} of {name}");
            }
        }

        foreach (var request in requests)
        {
            using var message = new HttpRequestMessage(new(request.Method), request.Path);
            if (request.Body.Length > 0)
            {
                message.Content = new StringContent(request.Body, Encoding.UTF8, request.Headers["Content-Type"]);
            }

            foreach (var (header, value) in request.Headers.Where(header => header.Key is not "Content-Type"))
            {
                message.Headers.TryAddWithoutValidation(header, value);
            }
            // The live changes do not end.
            using var answer = await services[request.Service].SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
            // There is no such order; a snapshot or a reconciliation may be under way.
            ((int)answer.StatusCode).ShouldBeOneOf([200, 201, 202, 404, 409, 503], $"{request.Method} {request.Path}");
            if ((int)answer.StatusCode == 503)
            {
                request.Path.ShouldContain("min_version");
            }
        }
    }

    private static bool Fits(string path, string template)
    {
        var (parts, wanted) = (path.Split('?')[0].Split('/'), template.Split('/'));
        return parts.Length == wanted.Length && parts.Zip(wanted).All(pair => pair.First == pair.Second || pair.Second.StartsWith('{'));
    }

    private static async Task<List<Request>> RequestsAsync()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        var requests = new List<Request>();
        var (isBody, body) = (false, new StringBuilder());
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Root(), "orders.http")))
        {
            if (line.StartsWith('#'))
            {
                End();
            }
            else if (isBody)
            {
                body.Append(Fill(line)).Append('\n');
            }
            else if (line.StartsWith('@'))
            {
                var (name, value) = Cut(line[1..], " = ");
                variables.Add(name, value);
            }
            else if (Cut(line + " ", " ").Before is { Length: > 0 } word && word.All(char.IsAsciiLetterUpper))
            {
                var (method, target) = Cut(line, " {{");
                var (service, path) = Cut(target, "}}");
                requests.Add(new(method, service, Fill(path), new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), ""));
            }
            else if (line.Length > 0)
            {
                var (header, value) = Cut(line, ": ");
                requests[^1].Headers.Add(header, Fill(value));
            }
            else
            {
                isBody = requests.Count > 0;
            }
        }

        End();
        return requests;

        void End()
        {
            if (requests.Count > 0)
            {
                requests[^1] = requests[^1] with { Body = requests[^1].Body + body.ToString().Trim() };
            }

            (isBody, _) = (false, body.Clear());
        }

        string Fill(string part) => variables.Aggregate(part, (filled, variable) => filled.Replace($"{{{{{variable.Key}}}}}", variable.Value, StringComparison.Ordinal));
    }

    private static (string Before, string After) Cut(string text, string separator)
    {
        var parts = text.Split(separator, 2);
        return (parts[0], parts[1]);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Orders.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return folder;
    }

    private sealed record Request(string Method, string Service, string Path, Dictionary<string, string> Headers, string Body);
}

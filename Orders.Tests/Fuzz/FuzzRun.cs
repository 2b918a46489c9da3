using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Orders.Tests.ServiceDefaults;

namespace Orders.Tests.Fuzz;

/// <summary>Sends made-up requests to every service and judges every answer.</summary>
internal sealed class FuzzRun : IDisposable
{
    private const int AtOnce = 8;
    private const int Enough = 20;

    // A stream of events ends when nobody reads it any more.
    private static readonly TimeSpan Listening = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly FuzzTarget _target;
    private readonly FuzzSettings _settings;
    private readonly GraphSchema _schema;
    private readonly Dictionary<string, RequestMaker> _makers;
    private readonly HttpClient _client = FuzzTarget.Client();

    // One query of the warehouse at a time: more than its own share at once are told to come later.
    private readonly SemaphoreSlim _warehouse = new(1);
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    private FuzzRun(FuzzTarget target, FuzzSettings settings, Dictionary<string, RequestMaker> makers, GraphSchema schema) =>
        (_target, _settings, _makers, _schema) = (target, settings, makers, schema);

    /// <summary>What was wrong, each kind once, with a request that shows it.</summary>
    public IReadOnlyCollection<string> Faults => [.. _faults.Values];

    /// <summary>How many answers of which status each service gave.</summary>
    public string Answers => string.Join('\n', _answers.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}"));

    public static async Task<FuzzRun> PrepareAsync(FuzzTarget target, FuzzSettings settings)
    {
        using var client = FuzzTarget.Client();
        var makers = new Dictionary<string, RequestMaker>(StringComparer.Ordinal);
        foreach (var (service, address) in target.Services.Where(service => service.Key != "graphql"))
        {
            makers[service] = new(service, address, ApiDocument.Read(await client.GetStringAsync(new Uri(address, "/openapi/v1.json"))), FuzzTarget.Keys, target.Known);
        }

        using var introspection = new HttpRequestMessage(HttpMethod.Post, new Uri(target.Services["graphql"], "/graphql"))
        {
            Content = JsonContent.Create(new { query = GraphSchema.Introspection }),
            Headers = { Authorization = TestService.Basic(FuzzTarget.Keys[0].Id!, FuzzTarget.Keys[0].Secret) },
        };
        using var answer = await client.SendAsync(introspection);
        return new(target, settings, makers, new((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data")));
    }

    /// <summary>Sends the requests of these numbers; ends early when enough was wrong.</summary>
    public Task SendAsync(IEnumerable<int> numbers) => Parallel.ForEachAsync(
        numbers.TakeWhile(_ => _faults.Count < Enough), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await SendAsync(number));

    public void Dispose()
    {
        _client.Dispose();
        _warehouse.Dispose();
    }

    private async Task SendAsync(int number)
    {
        var random = _settings.RandomOf(number);
        var service = random.Next(100) switch { < 30 => "api", < 62 => "query", < 74 => "sync", < 80 => "warehouse", _ => "graphql" };
        var told = $"#{number} to {service}";
        try
        {
            if (service == "graphql")
            {
                await AskAsync(number, random, text => told = text);
                return;
            }

            var made = _makers[service].Next(number, random);
            using var message = made.Message;
            told = await made.ToTextAsync();
            if (random.Percent(6))
            {
                await SendRawAsync(made.Service, message.RequestUri!, await RawRequests.SpoilAsync(made, random), told);
                return;
            }

            if (service == "warehouse")
            {
                await _warehouse.WaitAsync();
            }

            try
            {
                using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
                var body = await BodyAsync(answer);
                Note(service, $"{(int)answer.StatusCode}", AnswerRules.Judge(made, answer, body), told, body);
            }
            finally
            {
                if (service == "warehouse")
                {
                    _warehouse.Release();
                }
            }
        }
        catch (Exception failure)
        {
            Note(service, "failed", $"{failure.GetType().Name}: {failure.Message} {failure.InnerException?.Message}", told, []);
        }
    }

    private async Task AskAsync(int number, Random random, Action<string> tell)
    {
        var question = new QuestionMaker(_schema, random, new Values(random, _target.Known)).Next();
        var key = random.OneOf(FuzzTarget.Keys[0], FuzzTarget.Keys[0], FuzzTarget.Keys[0], FuzzTarget.Keys[1], FuzzTarget.Keys[2], FuzzTarget.Keys[3], FuzzTarget.Keys[4]);
        var body = Encoding.UTF8.GetBytes($"{{\"query\":{JsonSerializer.Serialize(question.Text)}{(question.Variables is null ? "" : $",\"variables\":{question.Variables}")}}}");
        var whole = !random.Percent(6);
        body = whole ? body : Bodies.SpoilBytes(random, body);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_target.Services["graphql"], "/graphql"));
        if (random.Percent(8))
        {
            message.Method = HttpMethod.Get;
            message.RequestUri = new Uri(_target.Services["graphql"], $"/graphql?query={Uri.EscapeDataString(question.Text)}{(question.Variables is null ? "" : $"&variables={Uri.EscapeDataString(question.Variables)}")}");
        }
        else
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", random.Percent(3) ? "text/plain" : "application/json");
        }

        message.Headers.TryAddWithoutValidation("Accept", question.Streams ? "text/event-stream" : random.OneOf("application/json", "application/graphql-response+json", "*/*", "application/json"));
        if (key.Id is not null)
        {
            message.Headers.Authorization = TestService.Basic(key.Id, key.Secret);
        }

        var made = new MadeRequest(number, "graphql", message, null, key);
        var told = await made.ToTextAsync();
        tell(told);
        if (random.Percent(4))
        {
            await SendRawAsync("graphql", message.RequestUri!, await RawRequests.SpoilAsync(made, random), told);
            return;
        }

        using var answer = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        var bytes = await BodyAsync(answer);
        var fault = GraphRules.Judge(whole ? question : null, _schema, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, bytes);
        Note("graphql", $"{(int)answer.StatusCode}", fault, told, bytes);
    }

    private async Task SendRawAsync(string service, Uri address, byte[] request, string told)
    {
        using var bound = new CancellationTokenSource(Bound);
        var answer = await RawRequests.SendAsync(address, request, bound.Token);
        var status = answer.Length < 12 ? "closed" : Encoding.Latin1.GetString(answer, 9, 3);
        Note(service, $"raw {status}", RawRequests.Judge(answer), $"{told}\nspoilt:\n{Encoding.Latin1.GetString(request)}", answer);
    }

    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return await answer.Content.ReadAsByteArrayAsync();
        }

        using var heard = new CancellationTokenSource(Listening);
        await using var stream = await answer.Content.ReadAsStreamAsync(CancellationToken.None);
        var bytes = new byte[16_384];
        try
        {
            var length = await stream.ReadAsync(bytes, heard.Token);
            return bytes[..length];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private void Note(string service, string status, string? fault, string told, byte[] body)
    {
        _answers.AddOrUpdate($"{service} {status}", 1, (_, before) => before + 1);
        if (fault is not null)
        {
            var text = Encoding.UTF8.GetString(body);
            var kind = $"{service} {string.Concat(fault.Take(80).Where(letter => !char.IsAsciiDigit(letter) || fault.StartsWith(letter)))}";
            _faults.TryAdd(kind, $"{fault}\n{told}\n→ {(text.Length > 600 ? text[..600] : text)}\n");
        }
    }
}

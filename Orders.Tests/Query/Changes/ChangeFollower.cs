using System.Net;
using System.Text;
using System.Text.Json;
using Shouldly;

namespace Orders.Tests.Query;

/// <summary>A client of the feed: reads its events as they come.</summary>
internal sealed class ChangeFollower : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _answer;
    private readonly StreamReader _lines;

    private ChangeFollower(HttpResponseMessage answer, Stream body) => (_answer, _lines) = (answer, new(body, Encoding.UTF8));

    public HttpResponseMessage Answer => _answer;

    /// <summary>The id that a browser would come back with.</summary>
    public string LastEventId { get; private set; } = "";

    /// <summary>Comments that came so far.</summary>
    public List<string> Comments { get; } = [];

    /// <summary>Connects, and reads the first event.</summary>
    /// <param name="client">Who follows.</param>
    /// <param name="query">With its question mark.</param>
    /// <param name="lastEventId">Null for none.</param>
    /// <param name="first">What the first event must be.</param>
    public static async Task<ChangeFollower> ConnectAsync(HttpClient client, string query = "", string? lastEventId = null, string first = "ready")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var follower = new ChangeFollower(answer, await answer.Content.ReadAsStreamAsync());
        (await follower.NextAsync()).Name.ShouldBe(first);
        return follower;
    }

    /// <summary>The next event.</summary>
    public async Task<FollowedChange> NextAsync() =>
        await TryNextAsync() ?? throw new EndOfStreamException("the stream has ended");

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<FollowedChange?> TryNextAsync()
    {
        var (name, data) = ("message", new StringBuilder());
        while (await LineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    return new(name, LastEventId, JsonDocument.Parse(data.ToString()).RootElement);
                }

                name = "message";
            }
            else if (line[0] == ':')
            {
                Comments.Add(line);
            }
            else
            {
                var (field, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 2)..]);
                if (field == "event")
                {
                    name = value;
                }
                else if (field == "id")
                {
                    LastEventId = value;
                }
                else if (field == "data")
                {
                    data.Append(value);
                }
            }
        }

        return null;
    }

    /// <summary>So many events, as "change order version".</summary>
    public async Task<List<string>> NextAsync(int count)
    {
        List<string> changes = [];
        while (changes.Count < count)
        {
            changes.Add((await NextAsync()).ToString());
        }

        return changes;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _answer.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> LineAsync()
    {
        try
        {
            return await _lines.ReadLineAsync(CancellationToken.None).AsTask().WaitAsync(Bound);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            return null;
        }
    }
}

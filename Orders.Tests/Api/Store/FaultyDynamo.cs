using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Api.Store;

/// <summary>
/// The real engine behind a wire that a test can make faulty: it may answer in the engine's place, or let
/// the engine work and spoil its answer.
/// </summary>
internal sealed class FaultyDynamo : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _engine;
    private readonly ConcurrentQueue<DynamoCall> _calls = new();

    private FaultyDynamo(WebApplication app, HttpClient engine) => (_app, _engine) = (app, engine);

    public string Address => _app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

    /// <summary>
    /// Asked before the engine: an answer in its place, or null to let it work. May change the call.
    /// </summary>
    public Func<DynamoCall, Task<DynamoAnswer?>> Before { get; set; } = _ => Task.FromResult<DynamoAnswer?>(null);

    /// <summary>Asked after the engine has done its work: the answer that is sent.</summary>
    public Func<DynamoCall, DynamoAnswer, DynamoAnswer> After { get; set; } = (_, answer) => answer;

    public int Count(string operation) => _calls.Count(call => call.Operation == operation);

    /// <summary>
    /// What was sent, for the message of a failed test: one invocation sent twice, or two.
    /// </summary>
    public string Describe(string operation) =>
        string.Join('\n', _calls.Where(call => call.Operation == operation).Select(call => $"{call.Invocation}: {call.Body.ToJsonString()}"));

    public void Forget() => _calls.Clear();

    public static async Task<FaultyDynamo> StartAsync(string engine)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var faulty = new FaultyDynamo(builder.Build(), new HttpClient { BaseAddress = new(engine) });
        faulty._app.MapPost("/", faulty.HandleAsync);
        await faulty._app.StartAsync();
        return faulty;
    }

    /// <summary>From now on nobody listens.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _engine.Dispose();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var target = http.Request.Headers["X-Amz-Target"].ToString();
        var call = new DynamoCall(
            target[(target.IndexOf('.', StringComparison.Ordinal) + 1)..], (await JsonNode.ParseAsync(http.Request.Body))!, http.Request.Headers["amz-sdk-invocation-id"].ToString());
        _calls.Enqueue(call);
        var answer = await Before(call) ?? After(call, await AskEngineAsync(http.Request.Headers, call));
        if (answer == DynamoAnswer.Cut)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = "application/x-amz-json-1.0";
        await http.Response.WriteAsync(answer.Body);
    }

    private async Task<DynamoAnswer> AskEngineAsync(IHeaderDictionary headers, DynamoCall call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent(call.Body.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0") };
        foreach (var name in (string[])["X-Amz-Target", "Authorization", "X-Amz-Date"])
        {
            request.Headers.TryAddWithoutValidation(name, headers[name].ToString());
        }

        using var response = await _engine.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Chaos;

/// <summary>
/// A load balancer: it looks at the readiness of its targets, and sends each request once, to one that is
/// ready. It repeats nothing: what fails on the way is a 502.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly WebApplication _app;
    private readonly HttpClient _forward = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private readonly HttpClient _look = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri[] _targets;
    private readonly State[] _states;
    private readonly Task[] _looking;
    private int _turn;

    private Balancer(Uri[] targets)
    {
        (_targets, _states) = (targets, new State[targets.Length]);
        _looking = [.. targets.Select((_, number) => Task.Run(() => LookAsync(number)))];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    private enum State
    {
        Away,

        /// <summary>It answers, and is not ready: sent to when no other is.</summary>
        Answers,
        Ready,
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>What failed between it and a target.</summary>
    public List<string> Failures { get; } = [];

    public static async Task<Balancer> StartAsync(params Uri[] targets)
    {
        var balancer = new Balancer(targets);
        await balancer._app.StartAsync();
        return balancer;
    }

    /// <summary>Comes back when a target is ready.</summary>
    public Task ReadyAsync(int target) => Eventually.HoldsAsync(() => Task.FromResult(_states[target] == State.Ready), seconds: 120);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_looking);
        await _app.DisposeAsync();
        _forward.Dispose();
        _look.Dispose();
    }

    private async Task LookAsync(int target)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var ready = await _look.GetAsync(new Uri(_targets[target], "/health/ready"), _stop.Token);
                var isStopping = (await ready.Content.ReadAsStringAsync()).Contains("stopping", StringComparison.Ordinal);
                _states[target] = ready.IsSuccessStatusCode ? State.Ready : isStopping ? State.Away : State.Answers;
            }
            catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
            {
                _states[target] = State.Away;
            }

            await Task.Delay(BetweenLooks, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Uri> PickAsync(CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(BetweenLooks, cancellationToken))
        {
            foreach (var state in new[] { State.Ready, State.Answers })
            {
                for (var tried = 0; tried < _targets.Length; tried++)
                {
                    var target = (int)((uint)Interlocked.Increment(ref _turn) % _targets.Length);
                    if (_states[target] == state)
                    {
                        return _targets[target];
                    }
                }
            }
        }
    }

    private async Task ForwardAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var target = await PickAsync(http.RequestAborted);
        try
        {
            using var request = new HttpRequestMessage(new(http.Request.Method), new Uri(target, http.Features.Get<IHttpRequestFeature>()!.RawTarget));
            if (body.Length > 0)
            {
                request.Content = new ByteArrayContent(body.ToArray());
            }

            foreach (var (name, values) in http.Request.Headers)
            {
                if (name is not ("Host" or "Connection" or "Transfer-Encoding") && !request.Headers.TryAddWithoutValidation(name, values.ToArray()))
                {
                    request.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
                }
            }

            using var answer = await _forward.SendAsync(request, http.RequestAborted);
            var bytes = await answer.Content.ReadAsByteArrayAsync(http.RequestAborted);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
        }
        catch (HttpRequestException lost)
        {
            lock (Failures)
            {
                Failures.Add($"{http.Request.Method} {http.Request.Path} at {target}: {lost.Message} {lost.InnerException?.Message}");
            }

            http.Response.StatusCode = (int)HttpStatusCode.BadGateway;
        }
    }
}

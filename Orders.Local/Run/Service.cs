using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Orders.Engines;
using Orders.ServiceDefaults.Settings;

namespace Orders.Local.Run;

/// <summary>One of our services, hosted in this process.</summary>
internal sealed class Service(string name, string portOption, int port, Func<WebApplicationOptions, IReadOnlyDictionary<string, string?>?, WebApplication> build)
    : IAsyncDisposable
{
    // The engines need their part of the five seconds in which everything must stop.
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(2.2);
    private static readonly TimeSpan DisposeBound = TimeSpan.FromMilliseconds(300);

    private WebApplication? _app;

    public string Name => name;

    /// <summary>Its address, once it has started.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    public void Build(IReadOnlyDictionary<string, string?> settings)
    {
        var own = new Dictionary<string, string?>(settings, StringComparer.OrdinalIgnoreCase)
        {
            // "localhost" also listens on ::1, which some clients try first; Kestrel does not accept port 0
            // for it.
            ["urls"] = port == 0 ? "http://127.0.0.1:0" : $"http://localhost:{port}",
        };
        _app = build(new() { EnvironmentName = Environments.Development, ContentRootPath = AppContext.BaseDirectory }, own);
    }

    /// <summary>
    /// Changes a setting that depends on another started service. To be called between <see cref="Build"/>
    /// and <see cref="StartAsync"/>.
    /// </summary>
    public void Set(string setting, string value) =>
        (_app ?? throw new InvalidOperationException("Build comes first.")).Configuration[setting] = value;

    /// <exception cref="EngineException">Its port is in use, or a setting is invalid.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var app = _app ?? throw new InvalidOperationException("Build comes first.");
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException inUse) when (inUse.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw ServicePorts.InUse(name, port, portOption, inUse);
        }
        catch (SettingsException setting)
        {
            throw new EngineException($"{name} does not start: {setting.Setting}: {setting.Problem.TrimEnd('.')}", setting.WayOut, inner: setting);
        }

        Address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>
    /// Fails when the service stops by itself, which happens when one of its background services fails.
    /// </summary>
    /// <exception cref="EngineException">It has stopped.</exception>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        var stopping = _app?.Lifetime.ApplicationStopping ?? throw new InvalidOperationException("It is not started.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        throw new EngineException($"{name} stopped by itself", "Start again with --verbose to see why.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not { } app)
        {
            return;
        }

        using var bound = new CancellationTokenSource(StopBound);
        try
        {
            await app.StopAsync(bound.Token);
            await app.DisposeAsync().AsTask().WaitAsync(DisposeBound);
        }
        catch (Exception late) when (late is OperationCanceledException or TimeoutException or AggregateException or ArgumentNullException)
        {
            // Its time is over. Unfinished work is redone from the checkpoint at the next start. Or its
            // start failed before the host had a list of services to stop.
        }
    }
}

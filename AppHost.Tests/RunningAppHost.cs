using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Commands;
using Orders.ServiceDefaults.Hosting;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

/// <summary>
/// The complete AppHost with its dashboard, shared by all tests, and started by the first test that needs
/// it. It keeps no data. Its stores are containers if a runtime responds, otherwise local engines;
/// <c>Engines</c> in the environment chooses, as for AppHost itself.
/// </summary>
public sealed class RunningAppHost : IAsyncLifetime
{
    /// <summary>The key of the dashboard's own API, for tests that read the telemetry it received.</summary>
    public const string DashboardKey = "key-of-the-tests";

    // The first run on a slow machine also downloads engines or images.
    private static readonly TimeSpan StartBound = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WaitBound = TimeSpan.FromMinutes(3);

    private readonly Lazy<Task<DistributedApplication>> _started = new(StartAsync);

    /// <summary>The running application.</summary>
    public async Task<DistributedApplication> AppAsync() => await _started.Value;

    public ValueTask InitializeAsync()
    {
        ProcessEnvironment.Settle();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
        {
            await (await _started.Value).DisposeAsync();
        }
    }

    /// <summary>Waits until a resource is healthy.</summary>
    public async Task WaitForAsync(string resource, WaitBehavior behavior = WaitBehavior.StopOnResourceUnavailable)
    {
        var app = await AppAsync();
        using var bound = new CancellationTokenSource(WaitBound);
        try
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, behavior, bound.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or DistributedApplicationException)
        {
            throw new InvalidOperationException($"{resource} is not healthy: {failure.Message}\n{await StateDump.ReadAsync(app)}", failure);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="what">The condition in words, for the error message.</param>
    /// <param name="holds">Checks it once.</param>
    public async Task UntilAsync(string what, Func<CancellationToken, Task<bool>> holds)
    {
        using var bound = new CancellationTokenSource(WaitBound);
        try
        {
            while (!await holds(bound.Token))
            {
                await Task.Delay(50, bound.Token);
            }
        }
        catch (OperationCanceledException late) when (bound.IsCancellationRequested)
        {
            throw new InvalidOperationException($"In {WaitBound.TotalMinutes:0} minutes it did not come to this: {what}\n{await StateDump.ReadAsync(await AppAsync())}", late);
        }
    }

    /// <summary>A client of this service that uses the local key and does not retry.</summary>
    public async Task<HttpClient> ClientOfAsync(string service)
    {
        await WaitForAsync(service);
        var client = new HttpClient { BaseAddress = (await AppAsync()).GetEndpoint(service, "http") };
        client.DefaultRequestHeaders.Authorization = ServiceClient.LocalKey;
        return client;
    }

    /// <summary>Runs a command that must succeed, and returns its result.</summary>
    public async Task<string> RunAsync(string resource, string command, params (string Name, string Value)[] arguments)
    {
        var done = await ExecuteAsync(resource, command, arguments);
        done.Success.ShouldBeTrue($"{resource} {command}: {done.Message} {done.Data?.Value}");
        return done.Data?.Value ?? "";
    }

    /// <summary>Runs a command.</summary>
    public async Task<ExecuteCommandResult> ExecuteAsync(string resource, string command, params (string Name, string Value)[] arguments)
    {
        var inputs = arguments.Select(argument => new InteractionInput { Name = argument.Name, InputType = InputType.Text, Value = argument.Value }).ToList();
        return await (await AppAsync()).ResourceCommands.ExecuteCommandAsync(resource, command, new InteractionInputCollection(inputs));
    }

    /// <summary>Stops a resource with its command, and starts it again.</summary>
    public async Task RestartAsync(string resource, TimeSpan pause)
    {
        await RunAsync(resource, KnownResourceCommands.StopCommand);
        await Task.Delay(pause);
        await RunAsync(resource, KnownResourceCommands.StartCommand);
        // The state of a container is "ended" until the new one runs.
        await WaitForAsync(resource, WaitBehavior.WaitOnResourceUnavailable);
    }

    /// <summary>Whether a store is a container.</summary>
    public async Task<bool> IsContainerAsync(string store) =>
        (await AppAsync()).Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == store) is ContainerResource;

    /// <summary>The process of a service, which is <c>dotnet run</c>; the service is its child.</summary>
    public async Task<int> ProcessOfAsync(string service)
    {
        using var bound = new CancellationTokenSource(WaitBound);
        // The watch begins with the current state of everything.
        await foreach (var change in (await AppAsync()).ResourceNotifications.WatchAsync(bound.Token))
        {
            if (change.Resource.Name == service && change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } process)
            {
                return Convert.ToInt32(process, CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException($"{service} has no process.");
    }

    private static async Task<DistributedApplication> StartAsync()
    {
        using var bound = new CancellationTokenSource(StartBound);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            ["--Ephemeral=true", $"--AppHost:DashboardApiKey={DashboardKey}"], (options, _) => options.DisableDashboard = false, bound.Token);
        var app = await builder.BuildAsync(bound.Token);
        try
        {
            await app.StartAsync(bound.Token);
            return app;
        }
        catch (Exception failure)
        {
            var dump = await StateDump.ReadAsync(app);
            await app.DisposeAsync();
            throw new InvalidOperationException($"AppHost does not start: {failure.Message}\n{dump}", failure);
        }
    }
}

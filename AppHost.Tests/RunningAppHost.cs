using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

/// <summary>AppHost with everything in it, once for all tests, in containers that keep nothing. Without a container runtime its tests are skipped.</summary>
public sealed class RunningAppHost : IAsyncLifetime
{
    // A machine that has never run it also fetches three images.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly string? _fault = ContainerRuntime.FindFault(new ConfigurationBuilder().AddEnvironmentVariables().Build());
    private DistributedApplication? _app;

    public DistributedApplication App
    {
        get
        {
            Assert.SkipWhen(_fault is not null, $"No container runtime answers: {_fault}.");
            return _app!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (_fault is not null)
            return;
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(["--Ephemeral=true"]);
        _app = await builder.BuildAsync();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>Waits until this resource, every instance of it, is healthy.</summary>
    public async Task WaitForAsync(string resource)
    {
        using var bound = new CancellationTokenSource(Patience);
        await App.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.StopOnResourceUnavailable, bound.Token);
    }

    /// <summary>Waits until this instance of a service, by its id in the dashboard, is healthy.</summary>
    public async Task WaitForInstanceAsync(string id)
    {
        using var bound = new CancellationTokenSource(Patience);
        await foreach (var change in App.ResourceNotifications.WatchAsync(bound.Token))
        {
            if (change.ResourceId == id && change.Snapshot is { State.Text: "Running", HealthStatus: HealthStatus.Healthy })
                return;
        }
    }

    /// <summary>A client of this service that signs in with the local key and repeats nothing by itself.</summary>
    public async Task<HttpClient> ClientOfAsync(string service)
    {
        await WaitForAsync(service);
        var client = new HttpClient { BaseAddress = App.GetEndpoint(service, "http") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("foo:bar"u8));
        return client;
    }

    /// <summary>Places an order and gives its id.</summary>
    public static async Task<string> PlaceAsync(HttpClient api)
    {
        using var answer = await api.PostAsJsonAsync("/v1/orders", new { merchant_id = "merchant-102", amount = 200.00m, currency = "INR" });
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("order_id").GetString()!;
    }

    /// <summary>Waits until this order can be read.</summary>
    public static async Task<HttpResponseMessage> ReadAsync(HttpClient query, string orderId)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var answer = await query.GetAsync(new Uri($"/v1/orders/{orderId}", UriKind.Relative), bound.Token);
            if (answer.IsSuccessStatusCode)
                return answer;
            answer.Dispose();
            await Task.Delay(50, bound.Token);
        }
    }

    /// <summary>Waits until this many instances of a service run, and gives the id that each has in the dashboard with its process.</summary>
    public async Task<IReadOnlyDictionary<string, int>> InstancesOfAsync(string service, int count)
    {
        using var bound = new CancellationTokenSource(Patience);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        // It begins with the present state of everything.
        await foreach (var change in App.ResourceNotifications.WatchAsync(bound.Token))
        {
            if (change.Resource.Name == service && change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } process)
                found[change.ResourceId] = Convert.ToInt32(process, CultureInfo.InvariantCulture);
            if (found.Count == count)
                break;
        }

        return found;
    }
}

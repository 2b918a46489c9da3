using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Orders.AppHost.Tests;

/// <summary>What the dashboard was sent, read back from its own API.</summary>
public sealed class TraceTests(RunningAppHost apphost)
{
    [Fact]
    public async Task One_trace_goes_from_the_POST_to_what_Postgres_and_Redis_did_for_it()
    {
        using var api = await apphost.ClientOfAsync("api");
        await apphost.WaitForAsync("query");
        using var dashboard = await DashboardAsync();
        await OrderTraffic.PlaceAsync(api);
        var text = await dashboard.GetStringAsync(new Uri("/api/telemetry/traces", UriKind.Relative));
        File.WriteAllText("/tmp/traces.json", text);
        await Task.Delay(10000);
        File.WriteAllText("/tmp/traces.json", await dashboard.GetStringAsync(new Uri("/api/telemetry/traces", UriKind.Relative)));
    }

    private async Task<HttpClient> DashboardAsync()
    {
        var app = await apphost.AppAsync();
        var dashboard = (IResourceWithEndpoints)app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == "aspire-dashboard");
        return new HttpClient { BaseAddress = new Uri(dashboard.GetEndpoint("http").Url), DefaultRequestHeaders = { { "x-api-key", RunningAppHost.DashboardKey } } };
    }
}

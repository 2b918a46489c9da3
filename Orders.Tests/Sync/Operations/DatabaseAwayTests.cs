using System.Net;
using Amazon.DynamoDBv2;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Sync;
using Orders.Tests.Query;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

public sealed class DatabaseAwayTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    [Fact]
    public async Task Operations_without_Postgres_are_503_with_Retry_After()
    {
        using (var dynamo = StreamTable.Client(fixture.Stores))
        {
            await StreamTable.CreateAsync(dynamo, fixture.Stores.Table, StreamViewType.NEW_AND_OLD_IMAGES);
        }

        var settings = fixture.Stores.Settings;
        var postgres = new NpgsqlConnectionStringBuilder(settings["ConnectionStrings:orders"]);
        await using var gate = new TcpGate(postgres.Host!, postgres.Port);
        postgres.Port = gate.Port;
        settings["ConnectionStrings:orders"] = postgres.ConnectionString;
        settings["urls"] = "http://127.0.0.1:0";
        await using var app = SyncHost.Build(new() { EnvironmentName = "Development" }, settings);
        await app.StartAsync();
        using var client = new HttpClient
        {
            BaseAddress = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single()),
            DefaultRequestHeaders = { { "X-Api-Key", "foo.bar" } },
        };
        (await client.GetAsync("/v1/operations/status")).StatusCode.ShouldBe(HttpStatusCode.OK);

        gate.Shut();

        foreach (var path in new[] { "/v1/operations/status", "/v1/operations/dead-letters", "/v1/operations/snapshot" })
        {
            using var answer = await client.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, path);
            answer.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(5));
            var problem = await TestService.ProblemAsync(answer);
            problem.GetProperty("detail").GetString().ShouldBe("The read model's database does not answer.");
            problem.GetProperty("retry_after").GetInt32().ShouldBe(5);
        }

        gate.Open();
        await Eventually.HoldsAsync(async () => (await client.GetAsync("/v1/operations/status")).IsSuccessStatusCode);
    }
}

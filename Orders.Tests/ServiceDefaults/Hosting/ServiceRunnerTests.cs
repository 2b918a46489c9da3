using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orders.ServiceDefaults;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ServiceRunnerTests
{
    [Fact]
    public async Task A_wrong_setting_is_one_line_on_stderr_and_exit_code_1()
    {
        var (app, logs) = TestService.Build(TestService.Production);

        var (code, errors) = await RunAsync(app);

        code.ShouldBe(1);
        errors.TrimEnd().ShouldStartWith("Orders__Keys__0__Id: ");
        errors.TrimEnd().Split('\n').ShouldHaveSingleItem();
        logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_wrong_settings_are_told_at_once_and_nothing_else_is_looked_at()
    {
        var (app, logs) = TestService.Build(add: builder =>
        {
            builder.Configuration["Orders:RateLimit:Burst"] = "none";
            builder.Configuration["Orders:RateLimit:PerSecond"] = "0";
            builder.Configuration["Orders:Http:TrustForwardedPrefix"] = "perhaps";
            builder.Configuration["ConnectionStrings:redis"] = "redis://somewhere";
            builder.AddRedis();
            builder.Services.AddSingleton<IStartCheck, NoTable>();
        });

        var (code, errors) = await RunAsync(app);

        code.ShouldBe(1);
        errors.TrimEnd().Split('\n').Select(line => line.Split(':')[0]).ShouldBe(
            ["Orders__Http__TrustForwardedPrefix", "Orders__RateLimit__PerSecond", "Orders__RateLimit__Burst", "ConnectionStrings__redis"]);
        errors.ShouldContain("Orders__RateLimit__Burst: 'none' is not a whole number above zero. Correct it or leave it out for 10000.");
        logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_several_readers_say_of_one_setting_is_told_once()
    {
        var (app, _) = TestService.Build(add: builder => builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "nowhere");

        (await RunAsync(app)).Errors.TrimEnd().ShouldBe("OTEL_EXPORTER_OTLP_ENDPOINT: It is not an http or https address. Correct it, for example http://localhost:4317, or leave it out.");
    }

    [Fact]
    public async Task A_start_check_that_fails_stops_the_start_before_any_hosted_service()
    {
        var started = false;
        var (app, logs) = TestService.Build(add: builder =>
        {
            builder.Services.AddHostedService(_ => new Background(() => started = true));
            builder.Services.AddSingleton<IStartCheck, NoTable>();
        });

        var (code, errors) = await RunAsync(app);

        code.ShouldBe(1);
        errors.Trim().ShouldBe("Orders__Table: It does not exist. Create it.");
        started.ShouldBeFalse();
        logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_with_the_way_out()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var (app, logs) = TestService.Build(add: builder => builder.Configuration["urls"] = $"http://127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}");

        var (code, errors) = await RunAsync(app);

        code.ShouldBe(1);
        errors.ShouldContain("address already in use");
        errors.TrimEnd().Split('\n').ShouldHaveSingleItem();
        logs.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_other_failure_is_logged_and_exit_code_1()
    {
        var (app, logs) = TestService.Build(add: builder =>
            builder.Services.AddHostedService(_ => new Background(() => throw new InvalidOperationException("no lock"))));

        (await RunAsync(app)).ShouldBe((1, ""));
        // The host says it too, sooner or later.
        logs.Errors.Where(line => !line.StartsWith("Microsoft.Extensions.Hosting.Internal.Host", StringComparison.Ordinal)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task An_orderly_stop_is_exit_code_0()
    {
        var (app, _) = TestService.Build();
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);

        (await RunAsync(app)).ShouldBe((0, ""));
    }

    [Fact]
    public async Task A_request_under_way_is_finished_before_the_stop()
    {
        var (arrived, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await TestService.StartAsync(map: app => app.MapGet("/slow", async () =>
        {
            arrived.SetResult();
            await finish.Task;
            return "done";
        }).AllowAnonymous());
        var request = service.Anonymous.GetStringAsync("/slow");
        await arrived.Task;

        service.App.Lifetime.ApplicationStopping.Register(finish.SetResult);
        await service.App.StopAsync();

        (await request).ShouldBe("done");
    }

    [Fact]
    public async Task Start_checks_run_once_and_also_when_the_host_is_started_directly()
    {
        var counting = new Counting();
        await using var service = await TestService.StartAsync(add: builder => builder.Services.AddSingleton<IStartCheck>(counting));

        await service.App.Services.GetRequiredService<StartChecks>().RunAsync(CancellationToken.None);

        counting.Count.ShouldBe(1);
    }

    private static async Task<(int Code, string Errors)> RunAsync(WebApplication app)
    {
        await using var errors = new StringWriter();
        await using (app)
        {
            return (await ServiceRunner.RunAsync(app, errors), errors.ToString());
        }
    }

    private sealed class NoTable : IStartCheck
    {
        public Task CheckAsync(CancellationToken cancellationToken) => throw new SettingsException("Orders__Table", "It does not exist.", "Create it.");
    }

    private sealed class Counting : IStartCheck
    {
        public int Count { get; private set; }

        public Task CheckAsync(CancellationToken cancellationToken)
        {
            Count++;
            return Task.CompletedTask;
        }
    }

    private sealed class Background(Action start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

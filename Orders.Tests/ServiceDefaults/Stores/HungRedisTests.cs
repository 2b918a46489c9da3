using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Query;
using Shouldly;
using StackExchange.Redis;
using Xunit;
using IRedis = Orders.ServiceDefaults.Stores.IRedis;

namespace Orders.Tests.ServiceDefaults;

public sealed class HungRedisTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private OwnRedis _server = null!;
    private TcpGate _gate = null!;
    private TestService _service = null!;
    private int _asked;

    private IRedis Redis => _service.App.Services.GetRequiredService<IRedis>();

    public async ValueTask InitializeAsync()
    {
        _server = await OwnRedis.StartAsync();
        var address = (IPEndPoint)ConfigurationOptions.Parse(_server.Configuration).EndPoints[0];
        _gate = new($"{address.Address}", address.Port);
        _service = await TestService.StartAsync(
            settings: new Dictionary<string, string?> { ["ConnectionStrings:redis"] = $"127.0.0.1:{_gate.Port}" },
            add: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(_time);
                builder.AddRedis();
            });
        await Eventually.HoldsAsync(() => Task.FromResult(Redis.IsConnected));
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _gate.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task It_is_not_asked_again_until_a_break_is_over()
    {
        (await AskAsync()).ShouldBeTrue();
        _gate.Stall();
        _asked = 0;

        (await AskAsync()).ShouldBeFalse();
        (await AskAsync()).ShouldBeFalse();
        _asked.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync()).ShouldBeFalse();
        (await AskAsync()).ShouldBeFalse();
        _asked.ShouldBe(2);

        _gate.Resume();
        await Eventually.HoldsAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return AskAsync();
        });
        (await Task.WhenAll(AskAsync(), AskAsync())).ShouldBe([true, true]);
    }

    [Fact]
    public async Task A_request_does_not_wait_until_the_client_gives_up()
    {
        _gate.Stall();
        var patient = Redis.Database!.PingAsync();

        (await AskAsync()).ShouldBeFalse();

        patient.IsCompleted.ShouldBeFalse();
        await Should.ThrowAsync<Exception>(() => patient);
    }

    [Fact]
    public async Task A_connection_that_the_client_gives_up_is_an_interruption_before_there_is_another()
    {
        var before = Redis.Interruptions;
        _gate.Stall();
        await Eventually.HoldsAsync(async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await AskAsync();
            return !Redis.IsConnected;
        });

        _gate.Resume();
        await Eventually.HoldsAsync(() => Task.FromResult(Redis.IsConnected));

        Redis.Interruptions.ShouldBeGreaterThan(before);
    }

    private async Task<bool> AskAsync() => (await Redis.TryAsync(database =>
    {
        Interlocked.Increment(ref _asked);
        return database.PingAsync();
    })).Answered;
}

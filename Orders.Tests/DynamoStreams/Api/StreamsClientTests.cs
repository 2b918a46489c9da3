using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using DynamoStreams.Api;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Api;

/// <summary>
/// Of a server that sends the headers and half of the body, and then nothing, as a lost network does.
/// </summary>
public sealed class StreamsClientTests : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource _halfSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public StreamsClientTests()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_body_that_stops_in_the_middle_is_a_time_out()
    {
        using var client = Client(TimeSpan.FromSeconds(2));

        var failed = await Should.ThrowAsync<StreamsException>(() => client.GetRecordsAsync("iterator", CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60)));

        failed.Failure.ShouldBe(StreamsFailure.Unavailable);
        _halfSent.Task.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_caller_that_gives_up_meanwhile_is_no_failure_of_the_service()
    {
        using var client = Client(TimeSpan.FromMinutes(10));
        using var givesUp = new CancellationTokenSource();
        var asked = client.GetRecordsAsync("iterator", givesUp.Token);
        await _halfSent.Task.WaitAsync(TimeSpan.FromSeconds(60));

        await givesUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asked.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    private StreamsClient Client(TimeSpan timeout) =>
        new(new Uri($"http://{_listener.LocalEndpoint}"), "eu-west-1", new BasicAWSCredentials("key", "secret"), TimeProvider.System, timeout);

    private async Task ServeAsync()
    {
        using var connection = await _listener.AcceptTcpClientAsync(_stop.Token);
        var stream = connection.GetStream();
        await stream.ReadExactlyAsync(new byte[1], _stop.Token);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Records\":["u8.ToArray(), _stop.Token);
        _halfSent.SetResult();
        await Task.Delay(Timeout.Infinite, _stop.Token);
    }
}

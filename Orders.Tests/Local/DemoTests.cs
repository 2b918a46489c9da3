using Orders.Local.Cli;
using Orders.Local.Demo;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Local;

public sealed class DemoTests(TestEngines engines)
{
    [Fact]
    public async Task The_Api_takes_every_order_of_the_demonstration()
    {
        await using var system = await OrdersSystem.StartAsync(await engines.CreateStoresAsync(), RunningServices.Api);
        using var output = new StringWriter();
        using var demo = new DemoTraffic(system.Api.BaseAddress!, 200, new Screen(output, output, colour: false));
        using var stop = new CancellationTokenSource();
        var running = demo.RunAsync(stop.Token);

        await Eventually.HoldsAsync(() => Task.FromResult(demo.Count.PlacedSoFar >= 100));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        demo.Count.FailedSoFar.ShouldBe(0, output.ToString());
        output.ToString().ShouldStartWith($"demo: {demo.Count.PlacedSoFar} orders placed");
    }
}

using Microsoft.Extensions.Hosting;

namespace Orders.AppHost.Running;

/// <summary>Stops the services before the orchestrator stops everything at once, so that they let go of their stores first.</summary>
internal sealed class OrderlyStop(DistributedApplicationModel model, ResourceCommandService commands) : IHostedService
{
    // Two seconds are usual. A busy machine gets its time: a store that goes first leaves its services with work in their hands.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The host says nothing by itself, and a busy machine takes its time.
        Console.WriteLine("Stopping the services, then their stores ...");
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        var services = model.Resources.Where(resource => resource is ProjectResource || resource.GetType() == typeof(ProgramResource));
        Task stopping = Task.WhenAll(services.Select(service => commands.ExecuteCommandAsync(service, KnownResourceCommands.StopCommand, bound.Token)));
        await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

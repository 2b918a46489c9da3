using Microsoft.Extensions.DependencyInjection;
using Orders.AppHost.Services;

namespace Orders.AppHost.Commands;

/// <summary>Adds commands to a service, for the dashboard and for <c>aspire resource</c>.</summary>
internal static class CommandSetup
{
    /// <summary>Does the work and returns the result.</summary>
    public delegate Task<ExecuteCommandResult> Run(HttpClient service, InputValues arguments, CancellationToken cancellationToken);

    /// <summary>Adds a command that calls the service; it is enabled while the service runs.</summary>
    /// <param name="service">The service.</param>
    /// <param name="name">The name for <c>aspire resource</c>.</param>
    /// <param name="title">The name in the dashboard.</param>
    /// <param name="options">How it looks, and its arguments.</param>
    /// <param name="run">What it does.</param>
    public static IResourceBuilder<ProjectResource> WithServiceCommand(
        this IResourceBuilder<ProjectResource> service, string name, string title, CommandOptions options, Run run)
    {
        options.UpdateState = context => IsRunning(context.ResourceSnapshot) ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
        return service.WithCommand(name, title, ExecuteAsync, options);

        async Task<ExecuteCommandResult> ExecuteAsync(ExecuteCommandContext context)
        {
            try
            {
                return await WhileItRunsAsync(service.Resource, context, async token =>
                {
                    using var client = ServiceClient.To(service.GetEndpoint(ServiceLinks.Endpoint));
                    return await run(client, new InputValues(context.Arguments), token);
                });
            }
            catch (HttpRequestException failure)
            {
                return CommandResults.Failure($"{service.Resource.Name} does not answer: {failure.Message}");
            }
            catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
            {
                return CommandResults.Canceled();
            }
            catch (OperationCanceledException late)
            {
                return CommandResults.Failure($"{service.Resource.Name} does not answer: {late.Message}");
            }
        }
    }

    // While a service is down, Aspire's proxy accepts a request and holds it. So the state of the resource
    // is checked too.
    private static async Task<ExecuteCommandResult> WhileItRunsAsync(ProjectResource service, ExecuteCommandContext context, Func<CancellationToken, Task<ExecuteCommandResult>> run)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        try
        {
            var running = run(end.Token);
            var ended = context.Services.GetRequiredService<ResourceNotificationService>()
                .WaitForResourceAsync(service.Name, change => !IsRunning(change.Snapshot), end.Token);
            if (await Task.WhenAny(running, ended) == running)
            {
                return await running;
            }

            var state = (await ended).Snapshot.State?.Text;
            await end.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return CommandResults.Failure($"{service.Name} does not run: its state is {state}. Start it first.");
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private static bool IsRunning(CustomResourceSnapshot resource) => resource.State?.Text == KnownResourceStates.Running;

    /// <summary>Makes a command's result from a service's JSON response.</summary>
    /// <param name="answer">The response.</param>
    /// <param name="message">What a successful response means, in a few words.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static async Task<ExecuteCommandResult> ToResultAsync(this HttpResponseMessage answer, string message, CancellationToken cancellationToken)
    {
        var body = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? CommandResults.Success(message, body, CommandResultFormat.Json)
            : CommandResults.Failure($"The service answered {(int)answer.StatusCode}.", body, CommandResultFormat.Json);
    }
}

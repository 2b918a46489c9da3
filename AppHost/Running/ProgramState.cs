using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.Engines;

namespace Orders.AppHost.Running;

/// <summary>Shows the steps before a program runs: in the console, in its log and as its state.</summary>
/// <param name="resource">The program.</param>
/// <param name="notifications">Takes its state.</param>
/// <param name="loggers">Take each step.</param>
internal sealed partial class ProgramState(IResource resource, ResourceNotificationService notifications, IReadOnlyList<ILogger> loggers) : IProgress<EngineStep>
{
    /// <summary>Creates the state reporter of a resource, for its log and the console.</summary>
    public static ProgramState Of(IResource resource, IServiceProvider services) => new(resource, services.GetRequiredService<ResourceNotificationService>(),
    [
        services.GetRequiredService<ResourceLoggerService>().GetLogger(resource),
        services.GetRequiredService<ILoggerFactory>().CreateLogger($"Orders.{resource.Name}"),
    ]);

    /// <inheritdoc/>
    public void Report(EngineStep value)
    {
        if (value is { Took: null, TakesLong: false })
        {
            return;
        }

        if (value.Took is null)
        {
            _ = notifications.PublishUpdateAsync(resource, snapshot => snapshot with { State = new ResourceStateSnapshot($"Installing: {value.Text}", KnownResourceStateStyles.Info) });
        }

        foreach (var logger in loggers)
        {
            LogStep(logger, value.Engine, value.Text, value.Took is { } took && took > TimeSpan.Zero ? took.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture) : "");
        }
    }

    /// <summary>Reports why it does not start, and what to do.</summary>
    public Task FailAsync(EngineException failure)
    {
        foreach (var logger in loggers)
        {
            LogFailure(logger, failure.Message, failure.Details);
        }

        return notifications.PublishUpdateAsync(resource, snapshot => snapshot.WithProblem(failure.Message));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Engine}: {Step} {Took}")]
    private static partial void LogStep(ILogger logger, string engine, string step, string took);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Problem} {Details}")]
    private static partial void LogFailure(ILogger logger, string problem, string details);
}

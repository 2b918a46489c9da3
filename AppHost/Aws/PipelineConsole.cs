using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Orders.AppHost.Aws;

/// <summary>
/// The console output of a pipeline that runs without the Aspire CLI: plain lines, and each failure once.
/// Aspire and the host would write a stack trace at every level. <c>--include-exception-details true</c>
/// shows them all.
/// </summary>
/// <param name="configuration">Says whether they are wanted.</param>
internal sealed class PipelineConsole(IConfiguration configuration) : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "pipeline";

    // Set by the Aspire CLI, which shows questions and takes the answers.
    private const string CliSetting = "ASPIRE_BACKCHANNEL_PATH";

    private readonly bool _details = string.Equals(configuration["Pipeline:IncludeExceptionDetails"], bool.TrueString, StringComparison.OrdinalIgnoreCase);
    private string? _told;

    /// <summary>Uses it for all logs, and makes the process fail when the pipeline fails.</summary>
    public static void Use(IDistributedApplicationBuilder builder)
    {
        builder.Services.AddLogging(logging => logging.AddConsoleFormatter<PipelineConsole, ConsoleFormatterOptions>());
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            (console.FormatterName, console.LogToStandardErrorThreshold) = (FormatterName, LogLevel.Error));
        if (builder.Configuration[CliSetting] is null)
        {
            // Otherwise Aspire would wait for an answer that cannot come.
            builder.Configuration["ASPIRE_INTERACTIVITY_ENABLED"] = "false";
        }

        // Otherwise Aspire's exit code is 0 even after a failure.
        builder.Eventing.Subscribe<BeforePublishEvent>((_, _) => Task.FromResult(Environment.ExitCode = 1));
        builder.Eventing.Subscribe<AfterPublishEvent>((_, _) => Task.FromResult(Environment.ExitCode = 0));
    }

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        if (_details || logEntry.Exception is not { } failure)
        {
            textWriter.WriteLine($"{logEntry.Formatter(logEntry.State, logEntry.Exception)} {logEntry.Exception}".TrimEnd());
        }
        else if (_told is null || !failure.Message.Contains(_told, StringComparison.Ordinal))
        {
            _told = failure.Message;
            textWriter.WriteLine(_told);
        }
    }
}

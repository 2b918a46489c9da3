using Aspire.Hosting.Publishing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Orders.AppHost.Aws;

/// <summary>
/// What the console shows of a pipeline that runs without the Aspire CLI: plain lines, and a failure once,
/// without the stack traces that Aspire and the host write at each of the levels it passes.
/// <c>--include-exception-details true</c> shows them all.
/// </summary>
/// <param name="configuration">Tells whether they are asked for.</param>
internal sealed class PipelineConsole(IConfiguration configuration) : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "pipeline";

    // What the Aspire CLI sets, which shows questions and takes the answers.
    private const string CliSetting = "ASPIRE_BACKCHANNEL_PATH";

    private readonly bool _details = string.Equals(configuration["Pipeline:IncludeExceptionDetails"], bool.TrueString, StringComparison.OrdinalIgnoreCase);
    private string? _told;

    /// <summary>
    /// Uses it for everything that is logged, and lets a failure of the pipeline be that of the process.
    /// </summary>
    public static void Use(IDistributedApplicationBuilder builder)
    {
        builder.Services.AddLogging(logging => logging.AddConsoleFormatter<PipelineConsole, ConsoleFormatterOptions>());
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            (console.FormatterName, console.LogToStandardErrorThreshold) = (FormatterName, LogLevel.Error));
        if (builder.Configuration[CliSetting] is null)
        {
            // Aspire would wait for an answer that cannot come.
            builder.Configuration["ASPIRE_INTERACTIVITY_ENABLED"] = "false";
        }

        // Aspire ends with 0 in either case.
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

using System.CommandLine;
using System.CommandLine.Invocation;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.ServiceDefaults.Commands;

/// <summary>Runs a command on its stores, and reports a failure as one line.</summary>
/// <param name="settings">Settings that override every other source; null for none.</param>
/// <param name="terminal">Where it reads and writes.</param>
/// <param name="build">Builds the host whose components a command uses.</param>
public sealed class CommandRunner(
    IReadOnlyDictionary<string, string?>? settings, Terminal terminal, Func<WebApplicationOptions, Action<ConfigurationManager>, WebApplication> build)
{
    // Redis connects in the background. A command that began earlier would put every order on the list of
    // repairs.
    private static readonly TimeSpan WaitForRedis = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private static readonly string[] Help = ["--help", "-h", "-?", "/?", "/h", "--version"];

    /// <summary>The service that makes the tables, for the message when they are missing.</summary>
    public required string Service { get; init; }

    /// <summary>Puts a failure that only this service knows into words; null for one that it does not
    /// know.</summary>
    public Func<Exception, string?> Explain { get; init; } = _ => null;

    /// <summary>
    /// Whether the arguments of a process name a command. A service's own are settings (<c>--urls …</c>);
    /// <c>new-key</c> is every service's.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    public static bool Asked(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments is [var first, ..] && first != "new-key" && (Help.Contains(first) || first[0] is not ('-' or '/'));
    }

    /// <summary>Parses a command line and runs what it names.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="arguments">The command line.</param>
    /// <returns>An exit code of <see cref="ExitCodes"/>.</returns>
    public async Task<int> InvokeAsync(RootCommand commands, string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(commands);
        var parsed = commands.Parse(arguments);
        var exitCode = await parsed.InvokeAsync(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error });
        return parsed.Action is ParseErrorAction ? ExitCodes.BadUsage : exitCode;
    }

    /// <summary>Runs <paramref name="command"/>.</summary>
    /// <param name="command">The command's work; returns its exit code.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its exit code, or <see cref="ExitCodes.Failed"/> with the reason on the terminal.</returns>
    public async Task<int> RunAsync(Func<CommandContext, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        try
        {
            await using var app = build(new WebApplicationOptions(), Configure);
            await RedisAsync(app.Services, cancellationToken);
            return await command(new CommandContext(app.Services, terminal), cancellationToken);
        }
        catch (SettingsException problem)
        {
            return await FailAsync(problem.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return await FailAsync("Stopped. What is committed stays; run the command again to go on.");
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction)
        {
            return await FailAsync($"The database lacks tables of this version ({refused.MessageText}). Start {Service} of this version once: it makes them.");
        }
        catch (PostgresException refused)
        {
            return await FailAsync($"Postgres refused ({refused.SqlState}: {refused.MessageText}).");
        }
        catch (Exception away) when (PostgresFaults.IsNoAnswer(away))
        {
            return await FailAsync($"Postgres does not answer ({away.Message}). Correct ConnectionStrings__orders, or start it.");
        }
        catch (Exception failure) when (Explain(failure) is { } words)
        {
            return await FailAsync(words);
        }
        catch (Exception failure) when (failure is Amazon.Runtime.AmazonClientException or Amazon.Runtime.AmazonServiceException)
        {
            return await FailAsync($"DynamoDB does not answer as it should ({failure.Message}). Check AWS_ENDPOINT_URL_DYNAMODB, AWS_REGION, Orders__Table and the rights.");
        }
    }

    private void Configure(ConfigurationManager configuration)
    {
        // Only results go to stdout, so that they can be piped.
        configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
        });
        configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>(StringComparer.Ordinal));
        if (!LocalStores.AreSet(configuration))
        {
            configuration.AddInMemoryCollection(LocalStores.Find(Directory.GetCurrentDirectory()));
        }
    }

    private static async Task RedisAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var redis = services.GetService<IRedis>();
        var time = services.GetRequiredService<TimeProvider>();
        var started = time.GetTimestamp();
        while (redis is { IsConfigured: true, IsConnected: false } && time.GetElapsedTime(started) < WaitForRedis)
        {
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    private async Task<int> FailAsync(string line)
    {
        await terminal.Error.WriteLineAsync(PlainText.Of(string.Join(' ', line.Split('\n', StringSplitOptions.TrimEntries))));
        return ExitCodes.Failed;
    }
}

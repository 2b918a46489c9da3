using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Sync.Operations;

/// <summary>Runs a command on its stores, and reports a failure as one line.</summary>
/// <param name="settings">Settings that override every other source; null for none.</param>
/// <param name="terminal">Where it reads and writes.</param>
/// <param name="build">Builds the host whose components a command uses.</param>
internal sealed class CommandRunner(
    IReadOnlyDictionary<string, string?>? settings, Terminal terminal, Func<WebApplicationOptions, Action<ConfigurationManager>, WebApplication> build)
{
    // Redis connects in the background. A command that began earlier would put every order on the list of
    // repairs.
    private static readonly TimeSpan WaitForRedis = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs <paramref name="command"/>.</summary>
    /// <returns>Its exit code, or <see cref="ExitCodes.Failed"/> with the reason on the terminal.</returns>
    public async Task<int> RunAsync(Func<CommandContext, CancellationToken, Task<int>> command, CancellationToken cancellationToken)
    {
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
            return await FailAsync($"The database lacks tables of this version ({refused.MessageText}). Start Orders.Sync of this version once: it makes them.");
        }
        catch (PostgresException refused)
        {
            return await FailAsync($"Postgres refused ({refused.SqlState}: {refused.MessageText}).");
        }
        catch (NpgsqlException away)
        {
            return await FailAsync($"Postgres does not answer ({away.Message}). Correct ConnectionStrings__orders, or start it.");
        }
        catch (Exception failure) when (failure is Amazon.Runtime.AmazonClientException or Amazon.Runtime.AmazonServiceException or DynamoStreams.Api.StreamsException)
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
        var redis = services.GetRequiredService<IRedis>();
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

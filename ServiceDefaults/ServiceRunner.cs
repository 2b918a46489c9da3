using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;

namespace Orders.ServiceDefaults;

/// <summary>Runs a service as a process.</summary>
public static partial class ServiceRunner
{
    /// <summary>
    /// Runs <paramref name="app"/> until it is asked to stop, or prints a new key when the first argument of
    /// the process is <c>new-key</c>.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="drains">Whether it serves on for a while after it was asked to stop
    /// (<see cref="DrainSettings"/>).</param>
    /// <returns>The exit code: 0 after a graceful stop, 1 when the service could not start or failed. An
    /// error of a setting is one line on stderr.</returns>
    public static async Task<int> RunServiceAsync(this WebApplication app, bool drains = false)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using (app)
        {
            var arguments = Environment.GetCommandLineArgs().AsSpan(1).ToArray();
            if (NewKeyCommand.Asked(arguments))
            {
                return NewKeyCommand.Run(arguments, Console.Out, Console.Error);
            }

            return await RunAsync(app, Console.Error, drains);
        }
    }

    internal static async Task<int> RunAsync(WebApplication app, TextWriter errors, bool drains = false)
    {
        try
        {
            var checks = app.Services.GetRequiredService<StartChecks>();
            await checks.RunAsync(CancellationToken.None);
            await app.StartAsync();
            await StoppingAsync(app.Lifetime);
            await Task.Delay(drains ? app.Services.GetRequiredService<DrainSettings>().Delay : TimeSpan.Zero);
            await app.StopAsync();
            return checks.Refusal is null ? 0 : throw checks.Refusal;
        }
        catch (SettingsException problem)
        {
            await errors.WriteLineAsync(problem.Message);
            return 1;
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            await errors.WriteLineAsync($"{failure.Message} Stop what listens there or choose another address with --urls.");
            return 1;
        }
        catch (Exception failure)
        {
            LogFailed(app.Logger, failure);
            return 1;
        }
    }

    private static async Task StoppingAsync(IHostApplicationLifetime lifetime)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = lifetime.ApplicationStopping.UnsafeRegister(_ => stopping.TrySetResult(), state: null);
        await stopping.Task;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The service stopped with a failure")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// The keys that are valid now. They are read again when the configuration changes, so keys are added,
/// rotated and removed without a restart. Settings that are not valid change nothing: the keys from before
/// stay, and the log says what is wrong.
/// </summary>
internal sealed partial class CurrentKeys : IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly bool _isDevelopment;
    private readonly ILogger<CurrentKeys> _logger;
    private readonly IDisposable _changes;
    private volatile KeyRing _ring;
    private bool _hadNone;

    /// <exception cref="SettingsException">The settings at the start are not valid.</exception>
    public CurrentKeys(IConfiguration configuration, IHostEnvironment environment, ILogger<CurrentKeys> logger)
    {
        (_configuration, _isDevelopment, _logger) = (configuration, environment.IsDevelopment(), logger);
        _ring = KeySettings.Read(configuration, _isDevelopment);
        _hadNone = KeySettings.HasNone(configuration);
        _changes = ChangeToken.OnChange(configuration.GetReloadToken, ReadAgain);
    }

    /// <summary>The key that this credential is of; null for none.</summary>
    public ApiKey? Find(Credential credential) => _ring.Find(credential);

    public void Dispose() => _changes.Dispose();

    private void ReadAgain()
    {
        try
        {
            // A file that is being written may be empty for a moment.
            if (KeySettings.HasNone(_configuration))
            {
                if (!_hadNone)
                {
                    LogNone();
                }

                return;
            }

            (_ring, _hadNone) = (KeySettings.Read(_configuration, _isDevelopment), false);
            LogRead(_ring.Count);
        }
        catch (SettingsException problem)
        {
            LogKept(problem.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The keys were read again: {Count} are valid")]
    private partial void LogRead(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed keys are not taken, and those from before stay valid: {Problem}")]
    private partial void LogKept(string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "No key is configured any more, and those from before stay valid: restart the service to end them")]
    private partial void LogNone();
}

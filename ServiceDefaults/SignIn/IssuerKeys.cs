using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// Whether the issuer's keys are known. Until they are, one request for them is under way at most, with a
/// rest after each that fails: an issuer that hangs holds up nobody for longer. Known keys stay known, and
/// the platform renews them in the background.
/// </summary>
internal sealed partial class IssuerKeys(IOptionsMonitor<JwtBearerOptions> options, TimeProvider time, ILogger<IssuerKeys> logger)
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<bool>? _asking;
    private long? _failedAt;

    /// <summary>Whether they are known; asks the issuer if they are not.</summary>
    public Task<bool> AreKnownAsync()
    {
        lock (_lock)
        {
            if (_failedAt is { } failed && time.GetElapsedTime(failed) >= Rest)
            {
                (_asking, _failedAt) = (null, null);
            }

            return _asking ??= AskAsync();
        }
    }

    private async Task<bool> AskAsync()
    {
        try
        {
            // Its own time-out is that of the back channel.
            _ = await options.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(CancellationToken.None);
            return true;
        }
        catch (Exception failure)
        {
            LogAway(failure.GetBaseException().Message);
            lock (_lock)
            {
                _failedAt = time.GetTimestamp();
            }

            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the issuer of tokens cannot be read: {Reason}")]
    private partial void LogAway(string reason);
}

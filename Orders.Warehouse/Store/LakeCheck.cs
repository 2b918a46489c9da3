using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;

namespace Orders.Warehouse.Store;

/// <summary>Stops the start for a lake that cannot be used. One that does not answer is waited for:
/// containers start in any order.</summary>
internal sealed partial class LakeCheck(ILakeStore store, TimeProvider time, ILogger<LakeCheck> logger) : IStartCheck
{
    private static readonly TimeSpan WaitForStore = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(250);

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await store.CheckAsync(cancellationToken);
                return;
            }
            catch (LakeException failure)
            {
                if (failure.IsSetup || time.GetElapsedTime(started) > WaitForStore)
                {
                    throw new SettingsException(LakeException.Setting, failure.Message, "", failure);
                }

                LogWaiting(failure.Message);
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the lake: {Reason}")]
    private partial void LogWaiting(string reason);
}

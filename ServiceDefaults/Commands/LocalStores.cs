using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Commands;

/// <summary>
/// Finds the stores of a running AppHost or Orders.Local from the file that it writes to its data folder.
/// All stores come from settings or all from the file. A command that compared the table of one system with
/// the rows of another would "repair" sound data.
/// </summary>
public static class LocalStores
{
    private const string Folder = ".orders";
    private const string FileName = "endpoints.json";
    private const string Setting = "ConnectionStrings__orders";
    private const string Start = "Start AppHost or Orders.Local, or name the stores by ConnectionStrings__orders and AWS_ENDPOINT_URL_DYNAMODB or AWS_REGION.";

    // The file's time is the time of its writing, in milliseconds; its writer started before that.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private static readonly string[] Names =
    [
        "ConnectionStrings:orders", "ConnectionStrings:redis", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "AWS_ENDPOINT_URL",
    ];

    /// <summary>Whether settings name any store.</summary>
    public static bool AreSet(IConfiguration configuration) => Array.Exists(Names, name => !string.IsNullOrWhiteSpace(configuration[name]));

    /// <summary>
    /// Adds them to the settings of a service in Development that has no store set, so that another instance
    /// can be started. When nothing is running, nothing is added, and the service reports the missing
    /// settings.
    /// </summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="from">The folder to begin in; then its parents.</param>
    public static void AddInDevelopment(ConfigurationManager configuration, string from)
    {
        if (configuration[HostDefaults.EnvironmentKey] != Environments.Development || AreSet(configuration))
        {
            return;
        }

        try
        {
            configuration.AddInMemoryCollection(Find(from));
        }
        catch (SettingsException)
        {
            // A service without stores reports it itself.
        }
    }

    /// <summary>Finds the stores.</summary>
    /// <param name="from">The folder to begin in; then its parents.</param>
    /// <returns>The settings that name them.</returns>
    /// <exception cref="SettingsException">No system is running here, or it is another user's.</exception>
    public static IReadOnlyDictionary<string, string?> Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Folder, FileName);
            if (File.Exists(path))
            {
                // In a shared folder, such as /tmp, anybody may make one and have commands write to his
                // stores.
                return OwnPath.IsOwn(Path.GetDirectoryName(path)!) && OwnPath.IsOwn(path)
                    ? Read(path)
                    : throw new SettingsException(Setting, $"It is not set, and {path} belongs to another user, or others may write it or its folder.", $"Run as the user that it belongs to. {Start}");
            }
        }

        throw new SettingsException(Setting, "It is not set, and neither AppHost nor Orders.Local runs in this folder or in one above.", Start);
    }

    private static Dictionary<string, string?> Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var document = JsonDocument.Parse(file);
            var endpoints = document.RootElement;
            var dynamoDb = endpoints.GetProperty("dynamodb").GetString();
            return IsRunning(endpoints.GetProperty("pid").GetInt32(), endpoints.GetProperty("started_at").GetDateTimeOffset())
                ? new(StringComparer.Ordinal)
                {
                    ["ConnectionStrings:orders"] = endpoints.GetProperty("postgres").GetString(),
                    ["ConnectionStrings:redis"] = endpoints.GetProperty("redis").GetString(),
                    ["AWS_ENDPOINT_URL_DYNAMODB"] = dynamoDb,
                    ["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"] = dynamoDb,
                    ["AWS_REGION"] = "us-east-1",
                    ["AWS_ACCESS_KEY_ID"] = "local",
                    ["AWS_SECRET_ACCESS_KEY"] = "local",
                    ["AWS_SESSION_TOKEN"] = null,
                    ["Orders:Table"] = "orders",
                    ["Orders:Warehouse:Lake"] = endpoints.TryGetProperty("lake", out var lake) ? lake.GetString() : null,
                }
                : throw new SettingsException(Setting, $"It is not set, and what {path} tells of no longer runs: it was killed and left the file.", Start);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SettingsException(Setting, $"It is not set, and {path} cannot be read ({broken.Message}).", Start, broken);
        }
    }

    // A process that started after the file was written is another one with the same process id.
    private static bool IsRunning(int pid, DateTimeOffset writtenAt)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime() <= writtenAt.UtcDateTime + Rounding;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

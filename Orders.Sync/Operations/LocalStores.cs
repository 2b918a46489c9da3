using System.Diagnostics;
using System.Text.Json;
using Orders.ServiceDefaults.Settings;

namespace Orders.Sync.Operations;

/// <summary>
/// The stores of a running AppHost or Orders.Local, by the file that it leaves in its data folder. Either
/// all stores come from settings or all from the file: a command that compared one system's table with
/// another's rows would find, and mend, what is no fault.
/// </summary>
internal static class LocalStores
{
    private const string Folder = ".orders";
    private const string FileName = "endpoints.json";
    private const string Setting = "ConnectionStrings__orders";
    private const string Start = "Start AppHost or Orders.Local, or name the stores by ConnectionStrings__orders and AWS_ENDPOINT_URL_DYNAMODB or AWS_REGION.";

    // The file's time is that of its writing, in milliseconds: its writer began before.
    private static readonly TimeSpan Rounding = TimeSpan.FromSeconds(1);

    private static readonly string[] Names =
    [
        "ConnectionStrings:orders", "ConnectionStrings:redis", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "AWS_ENDPOINT_URL",
    ];

    /// <summary>Whether any store is named by settings.</summary>
    public static bool AreSet(IConfiguration configuration) => Array.Exists(Names, name => !string.IsNullOrWhiteSpace(configuration[name]));

    /// <summary>
    /// Gives them to a service in Development for which no store is set, so that a further instance can be
    /// started beside what runs. Where none runs nothing is added: the service itself says what it lacks.
    /// </summary>
    /// <param name="configuration">The service's settings.</param>
    /// <param name="from">The folder to begin in; then the ones above.</param>
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
            // As said above.
        }
    }

    /// <summary>Finds them.</summary>
    /// <param name="from">The folder to begin in; then the ones above.</param>
    /// <returns>The settings that name them.</returns>
    /// <exception cref="SettingsException">None runs here.</exception>
    public static IReadOnlyDictionary<string, string?> Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, Folder, FileName);
            if (File.Exists(path))
            {
                return Read(path);
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
                }
                : throw new SettingsException(Setting, $"It is not set, and what {path} tells of no longer runs: it was killed and left the file.", Start);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SettingsException(Setting, $"It is not set, and {path} cannot be read ({broken.Message}).", Start, broken);
        }
    }

    // A process that began after the file was written is another one, which was given the same number.
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

using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Orders.Infra.Keys;
using Orders.Infra.Watch;

namespace Orders.Infra;

/// <summary>What AWS would refuse only half an hour into a deployment, and what would be unwise.</summary>
internal static partial class SettingsRules
{
    // None of the forms can take long; the limit is there to be sure of it.
    private const int MatchMilliseconds = 1_000;
    private const int SmallestCidr = 20;
    private const int LargestCidr = 16;

    public static void Check(OrdersStackSettings settings)
    {
        Fits("name", settings.Name, StackName(), "1 to 30 lower-case letters, digits and single hyphens, a letter first");
        Fits("tableName", settings.TableName, Table(), "3 to 255 letters, digits, '_', '-' or '.'");
        Fits("databaseName", settings.DatabaseName, Database(), "1 to 63 lower-case letters, digits or '_', a letter first");
        Cidr(settings.VpcCidr);
        Within("zones", settings.Zones, 2, 3);
        settings.Vpc?.Check(settings.MakesEndpoints);

        Fits("postgresVersion", settings.PostgresVersion, PostgresVersion(), "a version with its minor, 16.1 or later, for example 17.5");
        HalfUnits("databaseMinCapacity", settings.DatabaseMinCapacity, 0.5, 256);
        HalfUnits("databaseMaxCapacity", settings.DatabaseMaxCapacity, Math.Max(1, settings.DatabaseMinCapacity), 256);
        Within("databaseReaders", settings.DatabaseReaders, 0, 15);
        Within("databaseBackupDays", settings.DatabaseBackupDays, 1, 35);

        Fits("cacheNodeType", settings.CacheNodeType, CacheNode(), "a node type of ElastiCache, for example cache.t4g.small");
        Within("cacheReplicas", settings.CacheReplicas, 0, 5);
        Fits("cacheVersion", settings.CacheVersion, CacheVersion(), "a version of Valkey, for example 8.0");

        // S3 refuses infrequent access before 30 days, and Glacier less than 30 days after that.
        Within("archiveInfrequentDays", settings.ArchiveInfrequentDays, 30, 36_500);
        Within("archiveColdDays", settings.ArchiveColdDays, settings.ArchiveInfrequentDays + 30, 36_500);
        if (settings.ArchiveKeepDays is { } keep)
        {
            Within("archiveKeepDays", keep, settings.ArchiveColdDays + 1, 36_500);
        }

        if (LogDays.Of(settings.LogDays) is null)
        {
            throw new StackSettingException("logDays", $"CloudWatch does not keep logs for {settings.LogDays} days.", $"It keeps them for {string.Join(", ", LogDays.Known)} days.");
        }

        Within("traceRatio", settings.TraceRatio, 0, 1);
        Within("alarmLagSeconds", settings.AlarmLagSeconds, 1, 86_400);
        if (settings.AlarmEmail is { } email)
        {
            Fits("alarmEmail", email, Email(), "an e-mail address");
        }

        if (settings.CertificateArn is { } arn)
        {
            Fits("certificateArn", arn, Certificate(), "the ARN of a certificate of ACM in the stack's region");
        }

        Within("tasks", settings.Tasks, 1, 100);
        FargateSize(settings.TaskCpu, settings.TaskMemory);

        Key("writeKey", settings.WriteKey);
        Key("readKey", settings.ReadKey);
        Key("operationsKey", settings.OperationsKey);
    }

    internal static void Fits(string parameter, string? text, Regex form, string allowed)
    {
        if (text is null || !form.IsMatch(text))
        {
            throw new StackSettingException(parameter, $"'{text}' cannot be used.", $"It is {allowed}.");
        }
    }

    private static void Within(string parameter, double number, double least, double most)
    {
        if (!(number >= least && number <= most))
        {
            throw new StackSettingException(parameter, $"{number.ToString(CultureInfo.InvariantCulture)} is out of range.", FormattableString.Invariant($"It is a number from {least} to {most}."));
        }
    }

    private static void HalfUnits(string parameter, double number, double least, double most)
    {
        Within(parameter, number, least, most);
        if (number * 2 % 1 != 0)
        {
            throw new StackSettingException(parameter, $"{number.ToString(CultureInfo.InvariantCulture)} is no multiple of 0.5.", "Aurora counts capacity in halves.");
        }
    }

    // The sizes that Fargate has for one processor and less, and for the larger ones their bounds.
    private static void FargateSize(int cpu, int memory)
    {
        int[] memories = cpu switch
        {
            256 => [512, 1024, 2048],
            512 => [1024, 2048, 3072, 4096],
            1024 => [.. Enumerable.Range(2, 7).Select(gibibytes => gibibytes * 1024)],
            2048 => [.. Enumerable.Range(4, 13).Select(gibibytes => gibibytes * 1024)],
            4096 => [.. Enumerable.Range(8, 23).Select(gibibytes => gibibytes * 1024)],
            _ => throw new StackSettingException("taskCpu", $"Fargate has no task of {cpu}.", "It is 256, 512, 1024, 2048 or 4096."),
        };
        if (!memories.Contains(memory))
        {
            throw new StackSettingException("taskMemory", $"Fargate has no task of {cpu} with {memory} MiB.", $"It is one of {string.Join(", ", memories)}.");
        }
    }

    private static void Cidr(string text)
    {
        if (!IPNetwork.TryParse(text, out var network) || network.BaseAddress.AddressFamily != System.Net.Sockets.AddressFamily.InterNetwork
            || network.PrefixLength is < LargestCidr or > SmallestCidr)
        {
            throw new StackSettingException("vpcCidr", $"'{text}' cannot be used.", $"It is an IPv4 range of a size from /{LargestCidr} to /{SmallestCidr}, for example 10.20.0.0/16.");
        }
    }

    private static void Key(string parameter, KeyHash? key)
    {
        if (key is not null && (!KeyId().IsMatch(key.Id) || !Hash().IsMatch(key.Hash)))
        {
            throw new StackSettingException(parameter, "It is not a key.", "Write <id>:sha256:<salt>:<hash> with what `dotnet run --project Orders.Api -- new-key <id> <merchants> <scopes>` prints.");
        }
    }

    [GeneratedRegex("^(?=.{1,30}$)[a-z](-?[a-z0-9])*$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex StackName();

    [GeneratedRegex("^[A-Za-z0-9_.-]{3,255}$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Table();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Database();

    [GeneratedRegex("^(1[6-9]|[2-9][0-9])\\.[0-9]{1,2}$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex PostgresVersion();

    [GeneratedRegex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex CacheNode();

    [GeneratedRegex("^([7-9]|[1-9][0-9])\\.[0-9]+$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex CacheVersion();

    [GeneratedRegex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Email();

    [GeneratedRegex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[A-Za-z0-9-]+$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Certificate();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex KeyId();

    [GeneratedRegex("^sha256:[A-Za-z0-9+/]{20,90}={0,2}:[A-Za-z0-9+/]{43}=$", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex Hash();
}

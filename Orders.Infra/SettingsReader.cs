using System.Globalization;
using Orders.Infra.Hosting;
using Orders.Infra.Keys;
using Orders.Infra.Network;

namespace Orders.Infra;

/// <summary>
/// Reads the parameters from arguments (<c>name=value</c>), else from what <c>cdk -c name=value</c> and <c>cdk.json</c> give. Their names are those
/// in the documentation of <see cref="OrdersStackSettings"/>.
/// </summary>
public static class SettingsReader
{
    /// <summary>The stack's name in CloudFormation.</summary>
    public const string StackName = "Orders";

    /// <summary>Every parameter.</summary>
    public static IReadOnlyList<string> Parameters { get; } =
    [
        "name", "tableName", "existingTable", "databaseName", "vpcCidr", "zones", "vpcId", "vpcZones", "privateSubnets", "publicSubnets", "privateRouteTables", "endpoints",
        "postgresVersion", "databaseMinCapacity", "databaseMaxCapacity", "databaseReaders", "databaseBackupDays", "cacheNodeType", "cacheReplicas", "cacheVersion",
        "archiveInfrequentDays", "archiveColdDays", "archiveKeepDays", "keepData", "logDays", "traceRatio", "collectorImage", "alarmEmail", "alarmLagSeconds",
        "writeKey", "readKey", "operationsKey", "apiImage", "syncImage", "queryImage", "certificateArn", "tasks", "taskCpu", "taskMemory",
    ];

    private static readonly string[] ImageNames = ["apiImage", "syncImage", "queryImage"];
    private static readonly string[] VpcCompanions = ["vpcZones", "privateSubnets", "publicSubnets", "privateRouteTables"];

    /// <summary>Reads them; what is not given has its default.</summary>
    /// <param name="arguments">Each <c>name=value</c>.</param>
    /// <param name="context">A parameter's value from elsewhere; null for none.</param>
    /// <exception cref="StackSettingException">An argument is no parameter, or a value cannot be understood.</exception>
    public static OrdersStackSettings Read(IReadOnlyList<string> arguments, Func<string, string?> context)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(context);
        var given = arguments.Select(Split).ToDictionary(StringComparer.Ordinal);
        var defaults = new OrdersStackSettings();
        return new OrdersStackSettings
        {
            Name = Text("name") ?? defaults.Name,
            TableName = Text("tableName") ?? defaults.TableName,
            ExistingTable = YesOrNo("existingTable") ?? defaults.ExistingTable,
            DatabaseName = Text("databaseName") ?? defaults.DatabaseName,
            VpcCidr = Text("vpcCidr") ?? defaults.VpcCidr,
            Zones = Whole("zones") ?? defaults.Zones,
            Vpc = ReadVpc(),
            Endpoints = YesOrNo("endpoints"),
            PostgresVersion = Text("postgresVersion") ?? defaults.PostgresVersion,
            DatabaseMinCapacity = Number("databaseMinCapacity") ?? defaults.DatabaseMinCapacity,
            DatabaseMaxCapacity = Number("databaseMaxCapacity") ?? defaults.DatabaseMaxCapacity,
            DatabaseReaders = Whole("databaseReaders") ?? defaults.DatabaseReaders,
            DatabaseBackupDays = Whole("databaseBackupDays") ?? defaults.DatabaseBackupDays,
            CacheNodeType = Text("cacheNodeType") ?? defaults.CacheNodeType,
            CacheReplicas = Whole("cacheReplicas") ?? defaults.CacheReplicas,
            CacheVersion = Text("cacheVersion") ?? defaults.CacheVersion,
            ArchiveInfrequentDays = Whole("archiveInfrequentDays") ?? defaults.ArchiveInfrequentDays,
            ArchiveColdDays = Whole("archiveColdDays") ?? defaults.ArchiveColdDays,
            ArchiveKeepDays = Whole("archiveKeepDays"),
            KeepData = YesOrNo("keepData") ?? defaults.KeepData,
            LogDays = Whole("logDays") ?? defaults.LogDays,
            TraceRatio = Number("traceRatio") ?? defaults.TraceRatio,
            CollectorImage = Text("collectorImage"),
            AlarmEmail = Text("alarmEmail"),
            AlarmLagSeconds = Whole("alarmLagSeconds") ?? defaults.AlarmLagSeconds,
            WriteKey = Key("writeKey"),
            ReadKey = Key("readKey"),
            OperationsKey = Key("operationsKey"),
            Images = ReadImages(),
            CertificateArn = Text("certificateArn"),
            Tasks = Whole("tasks") ?? defaults.Tasks,
            TaskCpu = Whole("taskCpu") ?? defaults.TaskCpu,
            TaskMemory = Whole("taskMemory") ?? defaults.TaskMemory,
        };

        string? Text(string name) => (given.GetValueOrDefault(name) ?? context(name)) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;

        int? Whole(string name) => Text(name) is not { } text ? null
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new StackSettingException(name, $"'{text}' is no whole number.", "Correct it or leave it out.");

        double? Number(string name) => Text(name) is not { } text ? null
            : double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw new StackSettingException(name, $"'{text}' is no number.", "Correct it, with a point for decimals, or leave it out.");

        bool? YesOrNo(string name) => Text(name) is not { } text ? null
            : bool.TryParse(text, out var answer) ? answer
            : throw new StackSettingException(name, $"'{text}' is neither true nor false.", "Correct it or leave it out.");

        IReadOnlyList<string> List(string name) => Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

        KeyHash? Key(string name) => Text(name) is { } text ? KeyHash.Parse(text) : null;

        ServiceImages? ReadImages()
        {
            if (!ImageNames.Any(name => Text(name) is not null))
            {
                return null;
            }

            return ImageNames.FirstOrDefault(name => Text(name) is null) is { } missing
                ? throw new StackSettingException(missing, "It is missing, and another image is there.", "Give all three, or none to make a stack without services.")
                : new ServiceImages(Text("apiImage")!, Text("syncImage")!, Text("queryImage")!);
        }

        ExistingVpc? ReadVpc()
        {
            if (Text("vpcId") is { } id)
            {
                return new ExistingVpc(id, List("vpcZones"), List("privateSubnets"), List("publicSubnets"), List("privateRouteTables"));
            }

            return VpcCompanions.FirstOrDefault(name => Text(name) is not null) is { } lone
                ? throw new StackSettingException("vpcId", $"It is missing, and {lone} is there.", $"Give the VPC's id, or leave out {lone} for a new VPC.")
                : null;
        }
    }

    private static KeyValuePair<string, string> Split(string argument)
    {
        var sign = argument.IndexOf('=', StringComparison.Ordinal);
        var name = sign < 0 ? argument : argument[..sign];
        return sign > 0 && Parameters.Contains(name)
            ? new(name, argument[(sign + 1)..])
            : throw new StackSettingException(name, "There is no such parameter.", $"Write name=value with one of {string.Join(", ", Parameters)}.");
    }
}

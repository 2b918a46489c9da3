using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Orders.Infra.Settings;

/// <summary>
/// Rules of several parameters, and rules that no attribute can express: errors that AWS would report only
/// half an hour into a deployment.
/// </summary>
internal static class SettingsRules
{
    private const int SmallestCidr = 20;
    private const int LargestCidr = 16;

    private const int CapacityStep = 8;
    private const int LeastCapacity = 4;

    private const int MostRedshift = 1_024;
    private const int RegionInArn = 3;

    public static void Check(OrdersStackSettings settings)
    {
        Cidr(settings.VpcCidr);
        Vpc(settings);

        HalfUnits("databaseMinCapacity", settings.DatabaseMinCapacity);
        HalfUnits("databaseMaxCapacity", settings.DatabaseMaxCapacity);
        Within("databaseMaxCapacity", settings.DatabaseMaxCapacity, settings.DatabaseMinCapacity, OrdersStackSettings.MostCapacity);

        Capacity("redshiftCapacity", settings.RedshiftCapacity);
        Capacity("redshiftMaxCapacity", settings.RedshiftMaxCapacity);
        Within("redshiftMaxCapacity", settings.RedshiftMaxCapacity, settings.RedshiftCapacity, MostRedshift);
        if (settings is { Redshift: true, Warehouse: false })
        {
            throw new StackSettingException("redshift", "It is true and warehouse is false: nobody would load it.", "Set warehouse=true, or leave redshift out.");
        }

        if (LogDays.Of(settings.LogDays) is null)
        {
            throw new StackSettingException(
                "logDays", $"CloudWatch does not keep logs for {settings.LogDays} days.", $"It keeps them for {string.Join(", ", LogDays.Known)} days.");
        }

        FargateSize.Check("task", settings.TaskCpu, settings.TaskMemory);
        FargateSize.Check("warehouse", settings.WarehouseCpu, settings.WarehouseMemory);
        ServiceDomains.Check(settings);
    }

    /// <summary>A load balancer accepts only a certificate of its own region.</summary>
    /// <exception cref="StackSettingException">The certificate is in another region.</exception>
    public static void CheckRegion(OrdersStackSettings settings, string region)
    {
        if (settings.CertificateArn?.Split(':')[RegionInArn] is { } its && its != region)
        {
            throw new StackSettingException(
                "certificateArn", $"The certificate is in {its}, and the stack in {region}: a load balancer takes one of its own region only.",
                "Set it to the ARN of a certificate of ACM in the stack's region.");
        }
    }

    private static void Vpc(OrdersStackSettings settings)
    {
        if (settings.Vpc is { } vpc)
        {
            vpc.Check(settings.MakesEndpoints);
            return;
        }

        (string Name, IReadOnlyList<string> Listed)[] companions =
        [
            ("vpcZones", settings.VpcZones), ("privateSubnets", settings.PrivateSubnets), ("publicSubnets", settings.PublicSubnets),
            ("privateRouteTables", settings.PrivateRouteTables),
        ];
        if (Array.Find(companions, each => each.Listed.Count > 0).Name is { } lone)
        {
            throw new StackSettingException("vpcId", $"It is missing, and {lone} is there.", $"Give the VPC's id, or leave out {lone} for a new VPC.");
        }
    }

    private static void Cidr(string text)
    {
        if (!IPNetwork.TryParse(text, out var network) || network.BaseAddress.AddressFamily != AddressFamily.InterNetwork
            || network.PrefixLength is < LargestCidr or > SmallestCidr)
        {
            throw new StackSettingException(
                "vpcCidr", $"'{text}' cannot be used.", $"It is an IPv4 range of a size from /{LargestCidr} to /{SmallestCidr}, for example 10.20.0.0/16.");
        }
    }

    private static void Within(string parameter, double number, double least, double most)
    {
        if (!(number >= least && number <= most))
        {
            throw new StackSettingException(
                parameter,
                $"{number.ToString(CultureInfo.InvariantCulture)} is out of range.",
                FormattableString.Invariant($"It is a number from {least} to {most}."));
        }
    }

    private static void Capacity(string parameter, int units)
    {
        if (units != LeastCapacity && units % CapacityStep != 0)
        {
            throw new StackSettingException(
                parameter, $"Redshift has no capacity of {units.ToString(CultureInfo.InvariantCulture)}.", "It is 4, or a multiple of 8.");
        }
    }

    private static void HalfUnits(string parameter, double number)
    {
        if (number * 2 % 1 != 0)
        {
            throw new StackSettingException(
                parameter, $"{number.ToString(CultureInfo.InvariantCulture)} is no multiple of 0.5.", "Aurora counts capacity in halves.");
        }
    }
}

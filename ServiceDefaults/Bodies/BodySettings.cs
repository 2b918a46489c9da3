using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Bodies;

/// <summary>The settings of request bodies, under <c>Orders:Bodies</c>.</summary>
/// <param name="Megabytes"><c>Orders:Bodies:Megabytes</c>: how much memory the bodies of all requests may
/// take at once. Those of up to <see cref="BodyBudget.FreeBytes"/> do not count.</param>
internal sealed record BodySettings(int Megabytes)
{
    private const int Default = 128;
    private const int Megabyte = 1024 * 1024;

    // At most an eighth of what this process may use, and at least a few bodies of the greatest size.
    private static int Fitting => (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Megabyte / 8, 8, Default);

    public static BodySettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, "Orders:Bodies", settings => new BodySettings(
        (int)settings.Number("Megabytes", Fitting, 4, 16 * 1024)));
}

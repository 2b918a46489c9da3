using System.ComponentModel.DataAnnotations;

namespace Orders.Infra.Settings;

/// <summary>
/// All names and sizes of the stack. Each property is a parameter with the same name, in camelCase. It is
/// validated by its attributes, and by <see cref="SettingsRules"/> if it depends on another one. The
/// defaults suit a first production.
/// </summary>
internal sealed partial record OrdersStackSettings
{
    /// <summary>
    /// <c>name</c>: the prefix of the names of alarms, dashboard, proxy, log group and the private DNS
    /// namespace.
    /// </summary>
    [RegularExpression("(?=.{1,30}$)[a-z](-?[a-z0-9])*", ErrorMessage = "1 to 30 lower-case letters, digits and single hyphens, a letter first")]
    public string Name { get; init; } = "orders";

    /// <summary>
    /// <c>keepData</c>: whether removing the stack leaves the table, a snapshot of the database, the bucket
    /// and the keys. False only for tests.
    /// </summary>
    public bool KeepData { get; init; } = true;

    /// <summary>Checks every parameter.</summary>
    /// <returns>These settings.</returns>
    /// <exception cref="StackSettingException">A parameter is wrong; the message names it and what is
    /// allowed.</exception>
    public OrdersStackSettings Check()
    {
        foreach (var parameter in SettingsParameter.All)
        {
            parameter.Check(this);
        }

        SettingsRules.Check(this);
        return this;
    }
}

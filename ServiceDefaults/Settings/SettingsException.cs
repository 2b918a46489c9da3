namespace Orders.ServiceDefaults.Settings;

/// <summary>
/// A missing or invalid setting, which stops the start. The message is one actionable line for each such
/// setting.
/// </summary>
public sealed class SettingsException : Exception
{
    /// <param name="setting">The setting's name as the operator types it, for example
    /// <c>ConnectionStrings__orders</c>.</param>
    /// <param name="problem">What is wrong with it, as a sentence. Never the value of a secret.</param>
    /// <param name="wayOut">What to do about it, as a sentence.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SettingsException(string setting, string problem, string wayOut, Exception? innerException = null)
        : base(string.Join(' ', $"{setting}: {problem} {wayOut}".Split('\n', StringSplitOptions.TrimEntries)), innerException)
    {
        Setting = setting;
        Problem = problem;
        WayOut = wayOut;
        All = [this];
    }

    private SettingsException(IReadOnlyList<SettingsException> all)
        : base(string.Join('\n', all.Select(one => one.Message)), all[0])
    {
        Setting = all[0].Setting;
        Problem = all[0].Problem;
        WayOut = all[0].WayOut;
        All = all;
    }

    /// <summary>The setting's name as the operator types it; the first one of several.</summary>
    public string Setting { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string WayOut { get; }

    /// <summary>All invalid settings, including this one.</summary>
    public IReadOnlyList<SettingsException> All { get; }

    /// <summary>
    /// Throws one exception for all of them, if there are any. Equal errors of several readers are merged.
    /// </summary>
    internal static void ThrowIfAny(IReadOnlyCollection<SettingsException> faults)
    {
        var all = faults.SelectMany(fault => fault.All).DistinctBy(fault => fault.Message, StringComparer.Ordinal).ToArray();
        if (all is [])
        {
            return;
        }

        throw all is [var one] ? one : new SettingsException(all);
    }
}

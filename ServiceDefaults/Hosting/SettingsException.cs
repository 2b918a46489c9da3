namespace Orders.ServiceDefaults;

/// <summary>A setting that is missing or wrong stops the start. The message is one line that a person can act on.</summary>
public sealed class SettingsException : Exception
{
    /// <param name="setting">The setting's name as the reader would type it, for example <c>ConnectionStrings__orders</c>.</param>
    /// <param name="problem">What is wrong with it, as a sentence. Never the value of a secret.</param>
    /// <param name="wayOut">What to do about it, as a sentence.</param>
    /// <param name="innerException">The failure behind it, when there is one.</param>
    public SettingsException(string setting, string problem, string wayOut, Exception? innerException = null)
        : base(string.Join(' ', $"{setting}: {problem} {wayOut}".Split('\n', StringSplitOptions.TrimEntries)), innerException)
    {
        Setting = setting;
        Problem = problem;
        WayOut = wayOut;
    }

    /// <summary>The setting's name as the reader would type it.</summary>
    public string Setting { get; }

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; }

    /// <summary>What to do about it.</summary>
    public string WayOut { get; }
}

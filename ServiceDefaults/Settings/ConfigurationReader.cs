using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Orders.ServiceDefaults.Settings;

/// <summary>
/// Reads settings, and reports all errors at once. The platform's options would name the key and not the
/// variable, suggest no remedy, and stop at the first value that cannot be converted. A value of only white
/// space counts as none.
/// </summary>
public sealed class ConfigurationReader
{
    private readonly IConfiguration _configuration;
    private readonly string _prefix;
    private readonly List<SettingsException> _faults = [];

    private ConfigurationReader(IConfiguration configuration, string section) =>
        (_configuration, _prefix) = (configuration, section.Length == 0 ? "" : $"{section}:");

    /// <summary>Reads a feature's settings.</summary>
    /// <typeparam name="T">The type of the settings.</typeparam>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="section">The prefix of all names, <c>Orders:Query</c>; empty for none.</param>
    /// <param name="read">Reads them. Its result is dropped if a value is invalid.</param>
    /// <exception cref="SettingsException">One or more are invalid.</exception>
    public static T Read<T>(IConfiguration configuration, string section, Func<ConfigurationReader, T> read)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(read);
        var reader = new ConfigurationReader(configuration, section);
        var settings = read(reader);
        SettingsException.ThrowIfAny(reader._faults);
        return settings;
    }

    /// <summary>A text without the white space around it; null when there is none.</summary>
    public string? Text(string name) => Verbatim(name)?.Trim();

    /// <summary>A text without trimming; null when there is none.</summary>
    public string? Verbatim(string name) => _configuration[_prefix + name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>True or false.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="wayOut">The remedy for an invalid value.</param>
    public bool Flag(string name, bool fallback, string wayOut) =>
        Verbatim(name) is not { } text ? fallback : bool.TryParse(text, out var flag) ? flag : Refuse(name, $"'{text}' is neither true nor false.", wayOut, fallback);

    /// <summary>A whole number above zero.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">The default.</param>
    public int Positive(string name, int fallback)
    {
        if (Verbatim(name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : Refuse(name, $"'{text}' is not a whole number above zero.", $"Correct it or leave it out for {fallback}.", fallback);
    }

    /// <summary>A number.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="least">The smallest valid value.</param>
    /// <param name="most">The largest valid value.</param>
    public double Number(string name, double fallback, double least, double most)
    {
        if (Verbatim(name) is not { } text)
        {
            return fallback;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse(name, $"'{text}' is not a number from {least} to {most}.", $"Correct it or leave it out for {fallback}.", fallback);
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">The default.</param>
    /// <param name="least">The smallest valid value.</param>
    /// <param name="most">The largest valid value.</param>
    public int Whole(string name, int fallback, int least, int most)
    {
        if (Verbatim(name) is not { } text)
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Refuse(name, $"'{text}' is not a whole number from {least} to {most}.", $"Correct it or leave it out for {fallback}.", fallback);
    }

    /// <summary>An http or https address; null when there is none.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="wayOut">What to do about a wrong one.</param>
    public Uri? Address(string name, string wayOut)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : Refuse<Uri?>(name, "It is not an http or https address.", wayOut, null);
    }

    /// <summary>Adds an error of a setting.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="name">The setting.</param>
    /// <param name="problem">What is wrong with it, as a sentence. Never the value of a secret.</param>
    /// <param name="wayOut">What to do about it, as a sentence.</param>
    /// <param name="instead">The value with which reading continues, to find further errors.</param>
    /// <returns><paramref name="instead"/>.</returns>
    public T Refuse<T>(string name, string problem, string wayOut, T instead)
    {
        _faults.Add(new((_prefix + name).Replace(":", "__", StringComparison.Ordinal), problem, wayOut));
        return instead;
    }
}

using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Orders.ServiceDefaults.Settings;

/// <summary>
/// Reads settings, notes each that is wrong and tells them all at once. The platform's options would name
/// the key and not the variable, say nothing of the way out, and stop at the first value that cannot be
/// converted. A value of white space counts as none.
/// </summary>
public sealed class ConfigurationReader
{
    private readonly IConfiguration _configuration;
    private readonly string _prefix;
    private readonly List<SettingsException> _faults = [];

    private ConfigurationReader(IConfiguration configuration, string section) =>
        (_configuration, _prefix) = (configuration, section.Length == 0 ? "" : $"{section}:");

    /// <summary>Reads a feature's settings.</summary>
    /// <typeparam name="T">What they are read into.</typeparam>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="section">What all names begin with, <c>Orders:Query</c>; empty for none.</param>
    /// <param name="read">Reads them. What it makes of a wrong value is never seen.</param>
    /// <exception cref="SettingsException">One or more are wrong.</exception>
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

    /// <summary>A text just as it was given; null when there is none.</summary>
    public string? Verbatim(string name) => _configuration[_prefix + name] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>True or false.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">What counts when it is left out.</param>
    /// <param name="wayOut">What to do about a wrong value.</param>
    public bool Flag(string name, bool fallback, string wayOut) =>
        Verbatim(name) is not { } text ? fallback : bool.TryParse(text, out var flag) ? flag : Refuse(name, $"'{text}' is neither true nor false.", wayOut, fallback);

    /// <summary>A whole number above zero.</summary>
    /// <param name="name">The setting.</param>
    /// <param name="fallback">What counts when it is left out.</param>
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
    /// <param name="fallback">What counts when it is left out.</param>
    /// <param name="least">The smallest that is taken.</param>
    /// <param name="most">The largest that is taken.</param>
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
    /// <param name="fallback">What counts when it is left out.</param>
    /// <param name="least">The smallest that is taken.</param>
    /// <param name="most">The largest that is taken.</param>
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

    /// <summary>Notes that a setting is wrong.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="name">The setting.</param>
    /// <param name="problem">What is wrong with it, as a sentence. Never the value of a secret.</param>
    /// <param name="wayOut">What to do about it, as a sentence.</param>
    /// <param name="instead">What to go on with to find what else is wrong.</param>
    /// <returns><paramref name="instead"/>.</returns>
    public T Refuse<T>(string name, string problem, string wayOut, T instead)
    {
        _faults.Add(new((_prefix + name).Replace(":", "__", StringComparison.Ordinal), problem, wayOut));
        return instead;
    }
}

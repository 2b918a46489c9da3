using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>Reads the keys from <c>Orders:Keys:N:{Id,Hash,Merchants,Scopes}</c>.</summary>
internal static class KeySettings
{
    public const string Section = "Orders:Keys";

    private const int MaxIdChars = 64;
    private const string WayOutNewKey = "Run the service with `new-key <id> <merchants|*> <scopes>` and set what it prints.";

    /// <summary>Publicly known, so for Development only.</summary>
    public static Credential LocalCredential { get; } = new("foo", "bar");

    /// <summary>Whether no key is configured.</summary>
    public static bool HasNone(IConfiguration configuration) => !configuration.GetSection(Section).GetChildren().Any();

    /// <exception cref="SettingsException">A key is malformed, or the service would start with the local
    /// default outside Development.</exception>
    public static KeyRing Read(IConfiguration configuration, bool isDevelopment)
    {
        var keys = configuration.GetSection(Section).GetChildren().Select(ReadKey).ToList();
        foreach (var twin in keys.GroupBy(key => key.Caller.KeyId, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            throw new SettingsException(Name(Section), $"The id '{twin.Key}' is there more than once.", "Give every key an id of its own.");
        }

        if (keys is [] && configuration[KeysFile.Setting] is { Length: > 0 } file)
        {
            throw new SettingsException(Name(KeysFile.Setting), $"'{file}' is not there, is no JSON, or holds no key.",
                "Write {\"Orders\": {\"Keys\": [{\"Id\": …, \"Hash\": …, \"Merchants\": …, \"Scopes\": …}]}} with what `new-key` prints.");
        }

        if (isDevelopment)
        {
            return new(keys is [] ? [LocalDefault()] : keys);
        }

        if (keys is [])
        {
            throw new SettingsException(Name(Section, "0", "Id"), "No key is configured, and the local default is for Development only.", WayOutNewKey);
        }

        if (keys.Exists(key => key.Caller.KeyId == LocalCredential.Id && key.Matches(LocalCredential.Secret)))
        {
            throw new SettingsException(Name(Section), $"The key '{LocalCredential.Id}' has the secret of the local default, which everybody knows.", WayOutNewKey);
        }

        return new(keys);
    }

    private static ApiKey LocalDefault() => new([ApiKeyHash.Of(LocalCredential.Secret)], new Caller(LocalCredential.Id, [Caller.EveryMerchant], Scopes.All));

    private static ApiKey ReadKey(IConfigurationSection section)
    {
        var id = section["Id"] ?? "";
        if (!IsId(id))
        {
            throw new SettingsException(Name(section.Path, "Id"), $"A key's id is 1 to {MaxIdChars} letters, digits, '-' or '_'.", "Correct it.");
        }

        var hashes = ReadHashes(section);

        var merchants = ReadList(section, "Merchants");
        if (merchants is [])
        {
            throw new SettingsException(Name(section.Path, "Merchants"), "The key belongs to no merchant.", "List its merchants, or * for all of them.");
        }

        var scopes = ReadList(section, "Scopes");
        if (scopes is [])
        {
            throw new SettingsException(Name(section.Path, "Scopes"), "The key may do nothing.", $"List one or more of {string.Join(", ", Scopes.All)}.");
        }

        if (scopes.FirstOrDefault(scope => !Scopes.All.Contains(scope)) is { } unknown)
        {
            throw new SettingsException(Name(section.Path, "Scopes"), $"'{unknown}' is no scope.", $"Scopes are {string.Join(", ", Scopes.All)}.");
        }

        return new(hashes, new Caller(id, merchants, scopes));
    }

    private static List<ApiKeyHash> ReadHashes(IConfigurationSection section)
    {
        var hashes = new List<ApiKeyHash>();
        foreach (var text in ReadList(section, "Hash").DefaultIfEmpty(""))
        {
            hashes.Add(ApiKeyHash.TryParse(text, out var hash)
                ? hash
                : throw new SettingsException(Name(section.Path, "Hash"), "It is not of the form sha256:<salt>:<hash>.", WayOutNewKey));
        }

        return hashes.Count <= ApiKey.MostHashes
            ? hashes
            : throw new SettingsException(Name(section.Path, "Hash"), $"There are {hashes.Count} of them.", "A key has one, and two while its secret is rotated: the old and the new one.");
    }

    // A list is one text with commas, for environment variables, or an array, for a settings file.
    private static List<string> ReadList(IConfigurationSection key, string name)
    {
        var section = key.GetSection(name);
        return [.. section.GetChildren()
            .Select(child => child.Value)
            .Prepend(section.Value)
            .SelectMany(text => (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
    }

    public static bool IsId(string id) =>
        id.Length is > 0 and <= MaxIdChars && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');

    /// <summary>The setting's name as an environment variable.</summary>
    private static string Name(params ReadOnlySpan<string> path) => string.Join(':', path!).Replace(":", "__", StringComparison.Ordinal);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.FileProviders.Physical;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// A JSON file with the keys, named by <c>Orders:KeysFile</c>. It is watched, so keys are rotated by writing
/// it anew: <c>{"Orders": {"Keys": [{"Id": …, "Hash": [old, new], "Merchants": …, "Scopes": …}]}}</c>.
/// Whatever writes files can be its source: a mounted secret, or an agent of Secrets Manager.
/// </summary>
internal static class KeysFile
{
    public const string Setting = "Orders:KeysFile";

    public static void AddKeysFile(this WebApplicationBuilder builder)
    {
        if (builder.Configuration[Setting] is not { } name || string.IsNullOrWhiteSpace(name))
        {
            return;
        }

        var path = Path.GetFullPath(name.Trim());
        var folder = Path.GetDirectoryName(path);
        builder.Configuration.Add<JsonConfigurationSource>(source =>
        {
            // Polled every 4 s: a mounted secret is replaced by a link, of which a file watcher hears
            // nothing.
            source.FileProvider = Directory.Exists(folder)
                ? new PhysicalFileProvider(folder, ExclusionFilters.None) { UsePollingFileWatcher = true, UseActivePolling = true }
                : new NullFileProvider();
            source.Path = Path.GetFileName(path);
            // A missing or broken file has no keys: KeySettings says so, and keys from before stay.
            source.Optional = true;
            source.OnLoadException = broken => broken.Ignore = true;
            source.ReloadOnChange = true;
        });
    }
}

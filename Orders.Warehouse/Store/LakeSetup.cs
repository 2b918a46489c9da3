using System.Security.Cryptography;
using System.Text;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Store;

/// <summary>The store of the lake.</summary>
internal static class LakeSetup
{
    private const int HashLength = 12;

    /// <summary>
    /// Adds the singletons <see cref="ILakeStore"/> and <see cref="LakeMirror"/> for
    /// <see cref="WarehouseSettings.Lake"/>, and a check at the start that the store can be used.
    /// </summary>
    public static WebApplicationBuilder AddLake(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(S3Settings.Read);
        builder.Services.AddSingleton(CreateStore);
        builder.Services.AddSingleton(CreateMirror);
        builder.Services.AddSingleton<IStartCheck, LakeCheck>();
        return builder;
    }

    private static ILakeStore CreateStore(IServiceProvider services)
    {
        var lake = services.GetRequiredService<WarehouseSettings>().Lake;
        var time = services.GetRequiredService<TimeProvider>();
        return LakeAddress.Parse(lake) is { } address
            ? new S3Lake(address, services.GetRequiredService<S3Settings>(), new(), time)
            : new FolderLake(lake, time);
    }

    private static LakeMirror CreateMirror(IServiceProvider services)
    {
        var settings = services.GetRequiredService<WarehouseSettings>();
        var store = services.GetRequiredService<ILakeStore>();
        // Two servers may have buckets of one name.
        var place = $"{services.GetRequiredService<S3Settings>().Endpoint} {store.Name}";
        var folder = Path.Combine(settings.Cache, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(place)))[..HashLength]);
        return new(store, folder, LogPrefixes(settings), services.GetRequiredService<TimeProvider>());
    }

    private static List<string> LogPrefixes(WarehouseSettings settings) =>
        ["orders_changes/", "orders_state/", .. settings.SqlTables.Select(table => $"{table[(table.LastIndexOf('.') + 1)..]}_changes/")];
}

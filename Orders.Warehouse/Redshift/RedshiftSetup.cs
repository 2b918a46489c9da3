using Npgsql;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;

namespace Orders.Warehouse.Redshift;

/// <summary>The loads of Redshift.</summary>
internal static class RedshiftSetup
{
    /// <summary>Adds their status, and if there is a Redshift, the loads, which run with the host.</summary>
    public static WebApplicationBuilder AddRedshift(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(RedshiftSettings.Read);
        builder.Services.AddSingleton<RedshiftLedger>();
        builder.Services.AddSingleton<RedshiftNotes>();
        builder.Services.AddSingleton<RedshiftMetrics>();
        if (!string.IsNullOrWhiteSpace(builder.Configuration["Orders:Warehouse:Redshift"]))
        {
            builder.Services.AddSingleton(provider =>
            {
                var settings = provider.GetRequiredService<RedshiftSettings>();
                return new RedshiftLoader(
                    provider.GetRequiredService<RedshiftLedger>(), provider.GetRequiredService<ILakeStore>(),
                    new ManifestCopy(provider.GetRequiredService<WarehouseSettings>().Lake, settings.Role), Connect(settings.ConnectionString!), provider.GetRequiredService<TimeProvider>());
            });
            builder.Services.AddWorker<RedshiftService>();
        }

        return builder;
    }

    // Redshift does not have Postgres' catalogue of types.
    internal static NpgsqlDataSource Connect(string connectionString) =>
        new NpgsqlDataSourceBuilder(connectionString).ConfigureTypeLoading(types => types.EnableTypeLoading(false)).Build();
}

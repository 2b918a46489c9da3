using Orders.ServiceDefaults.Hosting;

namespace Orders.Warehouse.Embedded;

/// <summary>The warehouse within this program: views over the lake, and queries.</summary>
internal static class EmbeddedSetup
{
    /// <summary>Adds it; needs the lake.</summary>
    public static WebApplicationBuilder AddEmbedded(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ViewDatabase>();
        builder.Services.AddSingleton<LockedQueries>();
        builder.Services.AddWorker<ViewService>();
        return builder;
    }
}

using Orders.ServiceDefaults.Hosting;

namespace Orders.Warehouse.Compacting;

/// <summary>The care of the lake.</summary>
internal static class CompactingSetup
{
    /// <summary>Adds it; the service runs it.</summary>
    public static WebApplicationBuilder AddCompacting(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(ReplacementPace.Default);
        builder.Services.AddSingleton<DayRewrite>();
        builder.Services.AddSingleton<Compactor>();
        builder.Services.AddSingleton<Replacements>();
        builder.Services.AddSingleton<OrderStates>();
        builder.Services.AddSingleton<LakeSweep>();
        builder.Services.AddSingleton<Erasure>();
        builder.Services.AddWorker<UpkeepService>();
        return builder;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Orders.ServiceDefaults.Settings;

/// <summary>Adds settings that are read at the start.</summary>
public static class SettingsSetup
{
    /// <summary>
    /// Adds a feature's settings as a singleton that is read at the start, so that errors appear then and
    /// not at the first request.
    /// </summary>
    /// <typeparam name="T">The settings.</typeparam>
    /// <param name="services">Where to.</param>
    /// <param name="read">Reads them.</param>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, Func<IConfiguration, T> read)
        where T : class =>
        services.AddSingleton(provider => read(provider.GetRequiredService<IConfiguration>())).ReadAtStart<T>();

    /// <summary>The same for settings with other defaults in Development.</summary>
    /// <typeparam name="T">The settings.</typeparam>
    /// <param name="services">Where to.</param>
    /// <param name="read">Reads them; its second argument is whether this is Development.</param>
    public static IServiceCollection AddSettings<T>(this IServiceCollection services, Func<IConfiguration, bool, T> read)
        where T : class =>
        services
            .AddSingleton(provider => read(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<IHostEnvironment>().IsDevelopment()))
            .ReadAtStart<T>();

    /// <summary>Creates a singleton before the start, because it reads settings.</summary>
    internal static IServiceCollection ReadAtStart<T>(this IServiceCollection services)
        where T : notnull =>
        services.AddSingleton<ISettingsCheck, MadeAtStart<T>>();

    private sealed class MadeAtStart<T>(IServiceProvider services) : ISettingsCheck
        where T : notnull
    {
        public void Check() => services.GetRequiredService<T>();
    }
}

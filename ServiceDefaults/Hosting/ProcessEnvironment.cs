using System.Globalization;
using System.Net;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// Shields this process and its children from the user's shell: loopback addresses bypass the proxy, the
/// variables of Postgres's tools do not affect our connections and engines, and the machine's language
/// changes no number and no text.
/// </summary>
public static class ProcessEnvironment
{
    // For child processes. .NET does not support ranges, and needs brackets around an IPv6 address.
    private const string ThisMachine = "localhost,.localhost,127.0.0.1,127.0.0.0/8,::1,[::1]";

    private static readonly string[] NoProxy = ["no_proxy", "NO_PROXY"];
    private static readonly Lock Gate = new();

    /// <summary>Applies all of it. Call it first; it is idempotent.</summary>
    public static void Settle()
    {
        lock (Gate)
        {
            ForgetPostgres();
            SpareLoopback();
            CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
            CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        }
    }

    /// <summary>
    /// For a program whose table is on this machine and that does not use AWS: hides the variables and files
    /// of the AWS tools from the SDK, even broken ones.
    /// </summary>
    public static void ForgetAws()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)))
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        foreach (var name in new[] { "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE" })
        {
            Environment.SetEnvironmentVariable(name, Path.Combine(AppContext.BaseDirectory, "no-file-of-aws"));
        }
    }

    /// <summary>
    /// For a program that sets the addresses of its services itself: hides the settings that ASP.NET Core
    /// would prefer (Kestrel's section, the allowed hosts), with and without prefixes.
    /// </summary>
    public static void ForgetListeners()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(IsOfListener))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static bool IsOfListener(string name)
    {
        var setting = name;
        foreach (var prefix in new[] { "ASPNETCORE_", "DOTNET_" })
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                setting = name[prefix.Length..];
            }
        }

        return setting.StartsWith("Kestrel__", StringComparison.OrdinalIgnoreCase) || setting.Equals("AllowedHosts", StringComparison.OrdinalIgnoreCase);
    }

    // Npgsql reads from them what a connection string omits (an encoding, options, a password); initdb and
    // postgres read others.
    private static void ForgetPostgres()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(name => name.StartsWith("PG", StringComparison.Ordinal)))
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static void SpareLoopback()
    {
        var others = NoProxy.Select(Environment.GetEnvironmentVariable).FirstOrDefault(list => !string.IsNullOrWhiteSpace(list));
        if (others?.Contains(ThisMachine, StringComparison.Ordinal) != true)
        {
            foreach (var name in NoProxy)
            {
                Environment.SetEnvironmentVariable(name, others is null ? ThisMachine : $"{others.TrimEnd(',')},{ThisMachine}");
            }
        }

        if (HttpClient.DefaultProxy is not DirectToLoopback)
        {
            HttpClient.DefaultProxy = new DirectToLoopback(HttpClient.DefaultProxy);
        }
    }

    /// <summary>The system's proxy, except for loopback addresses in any form.</summary>
    private sealed class DirectToLoopback(IWebProxy others) : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => others.Credentials;
            set => others.Credentials = value;
        }

        public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : others.GetProxy(destination);

        public bool IsBypassed(Uri host) => host.IsLoopback || host.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || others.IsBypassed(host);
    }
}

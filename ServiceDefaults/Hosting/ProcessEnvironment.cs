using System.Globalization;
using System.Net;

namespace Orders.ServiceDefaults.Hosting;

/// <summary>
/// What a person's shell holds for other programs, kept from this process and from those that it starts: a
/// proxy is not asked for what is on this machine, the variables of Postgres' own programs say nothing about
/// our connections and engines, and the machine's language changes no number and no word.
/// </summary>
public static class ProcessEnvironment
{
    // For programs that are started from here. .NET knows no ranges, and wants brackets around an IPv6
    // address.
    private const string ThisMachine = "localhost,.localhost,127.0.0.1,127.0.0.0/8,::1,[::1]";

    private static readonly string[] NoProxy = ["no_proxy", "NO_PROXY"];
    private static readonly Lock Gate = new();

    /// <summary>Does all of it. A program calls it first; a second time changes nothing.</summary>
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
    /// For a program that has its table on this machine and nothing to do with AWS: the variables and files
    /// of AWS' tools, a broken one included, are kept from its SDK too.
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
    /// For a program that says itself where its services listen: what ASP.NET Core reads before that
    /// (Kestrel's own section, the hosts that it answers for), with and without its prefixes, is kept from
    /// them.
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

    // Npgsql takes from them what a connection string leaves out (an encoding, options, a password); initdb
    // and postgres read others.
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

    /// <summary>The system's proxy, but not for this machine, whatever its address is called.</summary>
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

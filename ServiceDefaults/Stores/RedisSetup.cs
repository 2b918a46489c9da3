using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Hosting;
using Orders.ServiceDefaults.Settings;
using StackExchange.Redis;

namespace Orders.ServiceDefaults.Stores;

/// <summary>Redis, the read cache.</summary>
public static class RedisSetup
{
    private const string Setting = "ConnectionStrings__redis";
    private static readonly SearchValues<char> NotInHosts = SearchValues.Create(" \t/@=:;");
    private const string PasswordSetting = "Orders__RedisPassword";
    private const int ConnectMilliseconds = 500;
    private const int AnswerMilliseconds = 2_000;
    private const int KeepAliveSeconds = 5;

    /// <summary>
    /// Adds the singleton <see cref="IRedis"/> from <c>ConnectionStrings:redis</c>, absent for "no Redis",
    /// and its readiness check, which degrades and never fails. <c>Orders:RedisPassword</c> is for platforms
    /// that cannot insert a secret into a connection string. The start does not wait for Redis; it fails
    /// with a <see cref="SettingsException"/> only when a setting is malformed.
    /// </summary>
    public static WebApplicationBuilder AddRedis(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IRedis>(services => new Redis(
            ReadOptions(
                services.GetRequiredService<IConfiguration>().GetConnectionString("redis"),
                services.GetRequiredService<ServiceIdentity>().Name,
                services.GetRequiredService<IConfiguration>()["Orders:RedisPassword"]),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<Redis>>()));
        builder.Services.ReadAtStart<IRedis>();
        builder.Services.AddHealthChecks().AddCheck<RedisCheck>("redis", tags: [HealthTags.Ready], timeout: RedisCheck.Timeout);
        return builder;
    }

    internal static ConfigurationOptions? ReadOptions(string? text, string clientName, string? password = null)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            throw new SettingsException(Setting, "It is a URL, which the client does not read.", "Write it as host:port, then ,user=… ,password=… ,ssl=true ,defaultDatabase=… as needed.");
        }

        try
        {
            var options = ConfigurationOptions.Parse(text);
            if (options.EndPoints.OfType<DnsEndPoint>().Any(endpoint => endpoint.Host.AsSpan().ContainsAny(NotInHosts)))
            {
                throw new SettingsException(Setting, "It names a host that is none.", "Set it to host:port, or to several of them with a comma between.");
            }

            if (options.EndPoints.Count == 0)
            {
                throw new SettingsException(Setting, "It names no host.", "Set it to host:port, or leave it out to run without Redis.");
            }

            if (options.DefaultDatabase < 0)
            {
                throw new SettingsException(Setting, "Its defaultDatabase is below 0.", "Set it to the number of a database that the server has, or leave it out for 0.");
            }

            if (!string.IsNullOrWhiteSpace(password))
            {
                if (options.Password is not null)
                {
                    throw new SettingsException(PasswordSetting, $"It is set, and {Setting} has a password too.", "Leave one of them out.");
                }

                options.Password = password.Trim();
            }
            options.AbortOnConnectFail = false;
            // A command that cannot be sent now fails now: all code works without Redis, and a late command
            // would be out of date.
            options.BacklogPolicy = BacklogPolicy.FailFast;
            // INFO, which identifies the start of a server, is an administrative command.
            options.AllowAdmin = true;
            options.ConnectTimeout = ConnectMilliseconds;
            options.AsyncTimeout = AnswerMilliseconds;
            options.KeepAlive = KeepAliveSeconds;
            // Reconnects at each check of the client, once a second. Its default waits up to 10 s after a
            // long outage.
            options.ReconnectRetryPolicy = new LinearRetry(ConnectMilliseconds);
            options.ResponseBufferPool = new ReplyBuffers();
            options.ClientName ??= clientName;
            return options;
        }
        catch (ArgumentException malformed)
        {
            throw new SettingsException(Setting, "It is not a Redis configuration.", "Set it to host:port, or leave it out to run without Redis.", malformed);
        }
    }
}

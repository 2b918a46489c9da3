using Amazon.DynamoDBv2;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Health;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>DynamoDB, the write store.</summary>
public static class DynamoDbSetup
{
    /// <summary>
    /// The key of a second <see cref="IAmazonDynamoDB"/> without retries, for writes that are not
    /// idempotent: a write may have been executed although no response came. Only its caller knows whether a
    /// retry would overwrite later changes, or fail because of its own earlier attempt.
    /// </summary>
    public const string WithoutRetries = "without-retries";

    // DynamoDB answers in single-digit milliseconds. Two attempts of a second, and up to a second between
    // them, are 3 s at most; then the caller gets a 503 with Retry-After. The SDK's default limits add up to
    // minutes.
    private const int Retries = 1;
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(1);

    // A single attempt has the time of both.
    private static readonly TimeSpan OnlyAttemptLimit = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Adds the singletons <see cref="IAmazonDynamoDB"/>, also as <see cref="WithoutRetries"/>, and
    /// <see cref="DynamoDbSettings"/> and the readiness check. An operation takes about 3 s at most. The
    /// start fails with a <see cref="SettingsException"/> when neither an address nor a region is set.
    /// </summary>
    public static WebApplicationBuilder AddDynamoDb(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSettings(DynamoDbSettings.Read);
        builder.Services.AddSingleton<IAmazonDynamoDB>(services => Create(services.GetRequiredService<DynamoDbSettings>(), Retries, AttemptLimit));
        builder.Services.AddKeyedSingleton<IAmazonDynamoDB>(
            WithoutRetries, (services, _) => Create(services.GetRequiredService<DynamoDbSettings>(), retries: 0, OnlyAttemptLimit));
        builder.Services.AddHealthChecks().AddCheck<DynamoDbCheck>("dynamodb", tags: [HealthTags.Ready], timeout: DynamoDbCheck.Timeout);
        return builder;
    }

    private static AmazonDynamoDBClient Create(DynamoDbSettings settings, int retries, TimeSpan attemptLimit)
    {
        try
        {
            return New(settings, retries, attemptLimit);
        }
        catch (TypeInitializationException unreadable)
        {
            throw new SettingsException(
                "AWS_CONFIG_FILE",
                $"The AWS SDK cannot read a file of its settings ({unreadable.GetBaseException().Message}).",
                "Correct ~/.aws/config and ~/.aws/credentials, or let AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name others.",
                unreadable);
        }
    }

    private static AmazonDynamoDBClient New(DynamoDbSettings settings, int retries, TimeSpan attemptLimit)
    {
        var config = new AmazonDynamoDBConfig
        {
            // All limits are set here; the SDK's "defaults mode" from the environment would change others.
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,
            // In addition to its retries, the SDK resends a call when the connection closes before a
            // response, assuming that it was idle.
            MaxStaleConnectionRetries = retries,
            Timeout = attemptLimit,
            HttpClientFactory = new DynamoDbHttpClients(),
        };
        if (settings.Endpoint is { } endpoint)
        {
            // Setting an address clears the region, so the region for signing is set separately.
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = settings.Region.SystemName;
            // Dual-stack and FIPS options from AWS variables and profiles: with a custom address the SDK
            // would reject them.
            config.UseFIPSEndpoint = false;
            config.UseDualstackEndpoint = false;
            config.AccountIdEndpointMode = AccountIdEndpointMode.DISABLED;
        }
        else
        {
            config.RegionEndpoint = settings.Region;
        }
        return settings.Credentials is { } credentials ? new(credentials, config) : new(config);
    }
}

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
    /// The key of a second <see cref="IAmazonDynamoDB"/>, which never sends a call again by itself: for
    /// writes, which may have been carried out although no answer came. Only their caller knows whether
    /// another try would undo what others have written since, or would meet its own work.
    /// </summary>
    public const string WithoutRetries = "without-retries";

    // DynamoDB answers in single-digit milliseconds. Two attempts of a second, and up to a second between
    // them, are 3 s at most, after which the caller gets a 503 with Retry-After; the SDK's own limits add up
    // to minutes.
    private const int Retries = 1;
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(1);

    // An only attempt has the time of both.
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
            // Every limit is set here; a mode of the environment would change others.
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = retries,
            // Beside its retries the SDK sends a call again when the connection is closed before an answer,
            // as if only an idle one could be.
            MaxStaleConnectionRetries = retries,
            Timeout = attemptLimit,
            HttpClientFactory = new DynamoDbHttpClients(),
        };
        if (settings.Endpoint is { } endpoint)
        {
            // Setting an address clears the region, hence the region to sign for is told apart.
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = settings.Region.SystemName;
            // What variables and profiles of AWS' tools say of AWS' own addresses; with one that is given,
            // the SDK would refuse to work.
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

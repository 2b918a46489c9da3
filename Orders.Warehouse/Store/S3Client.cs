using Amazon.Runtime;
using Amazon.S3;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;

namespace Orders.Warehouse.Store;

/// <summary>The SDK's client of S3.</summary>
internal static class S3Client
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <exception cref="SettingsException">There are no credentials.</exception>
    public static AmazonS3Client Create(S3Settings settings, S3Limits limits)
    {
        var config = new AmazonS3Config
        {
            // All limits are set here; the SDK's "defaults mode" from the environment would change others.
            DefaultConfigurationMode = DefaultConfigurationMode.Standard,
            RetryMode = RequestRetryMode.Standard,
            MaxErrorRetry = limits.Retries,
            Timeout = limits.Attempt,
            ConnectTimeout = ConnectLimit,
            // Each upload has a Content-MD5, which every server checks. The SDK's own checksums come at the
            // end of a body in AWS' chunks, which other servers store as if it were content.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (settings.Endpoint is { } endpoint)
        {
            // Setting an address clears the region, so the region for signing is set separately.
            config.ServiceURL = endpoint.AbsoluteUri;
            config.AuthenticationRegion = settings.Region.SystemName;
            // Such servers seldom have a host name for each bucket.
            config.ForcePathStyle = true;
            // With an address the SDK would reject these options from AWS variables and profiles.
            config.UseFIPSEndpoint = false;
            config.UseDualstackEndpoint = false;
        }
        else
        {
            config.RegionEndpoint = settings.Region;
        }

        return new(AwsSettings.FindCredentials(settings.Credentials), config);
    }
}

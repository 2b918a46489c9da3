using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>The region and credentials of a store of AWS, found the same way for all of them.</summary>
public static partial class AwsSettings
{
    private const string LocalRegion = "us-east-1";

    /// <summary>Reads the region to sign for: <c>AWS_REGION</c>, else <c>AWS_DEFAULT_REGION</c>. It may be
    /// left out when the store has an address.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="addressName">The setting with the store's address; <c>AWS_ENDPOINT_URL</c> counts
    /// too.</param>
    /// <param name="wayOut">What to do when there is neither, as a sentence.</param>
    /// <remarks>A region unknown to the SDK may be newer than the SDK; only a wrong format is an
    /// error.</remarks>
    public static RegionEndpoint ReadRegion(ConfigurationReader settings, string addressName, string wayOut)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var isLocal = (settings.Text(addressName) ?? settings.Text("AWS_ENDPOINT_URL")) is not null;
        return RegionEndpoint.GetBySystemName((settings.Text("AWS_REGION") ?? settings.Text("AWS_DEFAULT_REGION")) switch
        {
            null when !isLocal => settings.Refuse("AWS_REGION", $"Neither it nor {addressName} is set.", wayOut, LocalRegion),
            null => LocalRegion,
            var region when isLocal || RegionForm().IsMatch(region) => region,
            var region => settings.Refuse("AWS_REGION", $"'{region}' is not the name of a region.", "Write it in small letters as in eu-central-1.", LocalRegion),
        });
    }

    /// <summary>Reads the credentials; null for the SDK's own search.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <param name="endpoint">The store's address; null for AWS itself.</param>
    /// <remarks>
    /// An emulator accepts any signature, but needs one. A search for real credentials would call the
    /// instance metadata service, which on a developer's machine waits seconds for nothing. Some emulators
    /// have separate data for each access key, so all our services must use the same.
    /// </remarks>
    public static AWSCredentials? ReadCredentials(IConfiguration configuration, Uri? endpoint)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (Text(configuration, "AWS_ACCESS_KEY_ID") is { } id && Text(configuration, "AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            return Text(configuration, "AWS_SESSION_TOKEN") is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
        }

        return endpoint is not null && Text(configuration, "AWS_PROFILE") is null ? new BasicAWSCredentials("local", "local") : null;
    }

    /// <summary>The configured credentials, else those that the SDK finds.</summary>
    /// <param name="configured">What <see cref="ReadCredentials"/> returned.</param>
    /// <exception cref="SettingsException">The SDK finds none, or cannot read its files.</exception>
    public static AWSCredentials FindCredentials(AWSCredentials? configured)
    {
        try
        {
            return configured ?? DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (Exception none) when (none is AmazonClientException or TypeInitializationException or InvalidDataException)
        {
            throw new SettingsException(
                "AWS_PROFILE", $"There are no credentials for AWS ({none.GetBaseException().Message.TrimEnd('.')}).", "Sign in (aws sso login, aws configure), or name another profile.", none);
        }
    }

    [GeneratedRegex(@"^[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionForm();

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}

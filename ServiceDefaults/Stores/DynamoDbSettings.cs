using System.Text.RegularExpressions;
using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// The address and credentials of the write store; a singleton after
/// <see cref="DynamoDbSetup.AddDynamoDb"/>.
/// </summary>
/// <param name="Table">The table's name, <c>Orders:Table</c>.</param>
/// <param name="Endpoint"><c>AWS_ENDPOINT_URL_DYNAMODB</c>, else <c>AWS_ENDPOINT_URL</c>; null for AWS
/// itself.</param>
/// <param name="StreamsEndpoint"><c>AWS_ENDPOINT_URL_DYNAMODB_STREAMS</c>, else as
/// <paramref name="Endpoint"/>; null for AWS itself.</param>
/// <param name="Region">The region to sign for.</param>
/// <param name="Credentials">Null for the SDK's own search (environment, profile, container,
/// instance).</param>
public sealed partial record DynamoDbSettings(string Table, Uri? Endpoint, Uri? StreamsEndpoint, RegionEndpoint Region, AWSCredentials? Credentials)
{
    private const string LocalRegion = "us-east-1";

    /// <summary>Reads them.</summary>
    /// <exception cref="SettingsException">Neither an address nor a region is set, or an address is
    /// malformed.</exception>
    public static DynamoDbSettings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, section: "", settings =>
    {
        var endpoint = ReadAddress(settings, "AWS_ENDPOINT_URL_DYNAMODB") ?? ReadAddress(settings, "AWS_ENDPOINT_URL");
        return new DynamoDbSettings(
            settings.Text("Orders:Table") ?? "orders",
            endpoint,
            ReadAddress(settings, "AWS_ENDPOINT_URL_DYNAMODB_STREAMS") ?? endpoint,
            RegionEndpoint.GetBySystemName(ReadRegion(settings, isLocal: (settings.Text("AWS_ENDPOINT_URL_DYNAMODB") ?? settings.Text("AWS_ENDPOINT_URL")) is not null)),
            ReadCredentials(configuration, endpoint));
    });

    /// <summary>The configured credentials, else those that the SDK finds.</summary>
    /// <exception cref="SettingsException">The SDK finds none, or cannot read its files.</exception>
    public AWSCredentials FindCredentials()
    {
        try
        {
            return Credentials ?? DefaultAWSCredentialsIdentityResolver.GetCredentials();
        }
        catch (Exception none) when (none is AmazonClientException or TypeInitializationException or InvalidDataException)
        {
            throw new SettingsException(
                "AWS_PROFILE", $"There are no credentials for AWS ({none.GetBaseException().Message.TrimEnd('.')}).", "Sign in (aws sso login, aws configure), or name another profile.", none);
        }
    }

    // An emulator accepts any signature, but needs one. A search for real credentials would call the
    // instance metadata service, which on a developer's machine waits seconds for nothing. Some emulators
    // have separate tables for each access key, so all our services must use the same.
    internal static AWSCredentials? ReadCredentials(IConfiguration configuration, Uri? endpoint)
    {
        if (Text(configuration, "AWS_ACCESS_KEY_ID") is { } id && Text(configuration, "AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            return Text(configuration, "AWS_SESSION_TOKEN") is { } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
        }

        return endpoint is not null && Text(configuration, "AWS_PROFILE") is null ? new BasicAWSCredentials("local", "local") : null;
    }

    // A region unknown to the SDK may be newer than the SDK; only a wrong format is an error.
    private static string ReadRegion(ConfigurationReader settings, bool isLocal) => (settings.Text("AWS_REGION") ?? settings.Text("AWS_DEFAULT_REGION")) switch
    {
        null when !isLocal => settings.Refuse(
            "AWS_REGION", "Neither it nor AWS_ENDPOINT_URL_DYNAMODB is set.", "Set the region of the table, or the address of a local DynamoDB.", LocalRegion),
        null => LocalRegion,
        var region when isLocal || RegionForm().IsMatch(region) => region,
        var region => settings.Refuse("AWS_REGION", $"'{region}' is not the name of a region.", "Write it in small letters as in eu-central-1.", LocalRegion),
    };

    [GeneratedRegex(@"^[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionForm();

    private static Uri? ReadAddress(ConfigurationReader settings, string name) => settings.Address(name, "Correct it, for example http://localhost:8000.");

    private static string? Text(IConfiguration configuration, string name) =>
        configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}

using Amazon;
using Amazon.Runtime;
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
public sealed record DynamoDbSettings(string Table, Uri? Endpoint, Uri? StreamsEndpoint, RegionEndpoint Region, AWSCredentials? Credentials)
{
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
            AwsSettings.ReadRegion(settings, "AWS_ENDPOINT_URL_DYNAMODB", "Set the region of the table, or the address of a local DynamoDB."),
            AwsSettings.ReadCredentials(configuration, endpoint));
    });

    /// <summary>The configured credentials, else those that the SDK finds.</summary>
    /// <exception cref="SettingsException">The SDK finds none, or cannot read its files.</exception>
    public AWSCredentials FindCredentials() => AwsSettings.FindCredentials(Credentials);

    private static Uri? ReadAddress(ConfigurationReader settings, string name) => settings.Address(name, "Correct it, for example http://localhost:8000.");
}

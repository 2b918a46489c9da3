using Amazon;
using Amazon.Runtime;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Store;

/// <summary>Where S3 is, and who we are there.</summary>
/// <param name="Endpoint"><c>AWS_ENDPOINT_URL_S3</c>, else <c>AWS_ENDPOINT_URL</c>; null for AWS
/// itself.</param>
/// <param name="Region">The region to sign for.</param>
/// <param name="Credentials">Null for the SDK's own search (environment, profile, container,
/// instance).</param>
internal sealed record S3Settings(Uri? Endpoint, RegionEndpoint Region, AWSCredentials? Credentials)
{
    /// <summary>Reads them. For a lake in a folder nothing needs to be set.</summary>
    /// <exception cref="SettingsException">Neither an address nor a region is set, or an address is
    /// malformed.</exception>
    public static S3Settings Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, section: "", settings =>
    {
        if (settings.Text("Orders:Warehouse:Lake") is not { } lake || !LakeAddress.IsS3(lake))
        {
            return new S3Settings(null, RegionEndpoint.USEast1, null);
        }

        const string Example = "Correct it, for example http://localhost:4566.";
        var endpoint = settings.Address("AWS_ENDPOINT_URL_S3", Example) ?? settings.Address("AWS_ENDPOINT_URL", Example);
        return new(
            endpoint,
            AwsSettings.ReadRegion(settings, "AWS_ENDPOINT_URL_S3", "Set the region of the lake's bucket, or the address of another S3."),
            AwsSettings.ReadCredentials(configuration, endpoint));
    });
}

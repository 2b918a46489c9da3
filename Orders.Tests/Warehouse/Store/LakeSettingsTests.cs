using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;
using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

public sealed class LakeSettingsTests
{
    [Fact]
    public void The_address_of_S3_comes_before_that_of_all_of_AWS()
    {
        var (lake, all, own) = (("Orders:Warehouse:Lake", "s3://bucket"), ("AWS_ENDPOINT_URL", "http://all:1/"), ("AWS_ENDPOINT_URL_S3", "http://own:2/"));

        Read(lake, all, own).Endpoint.ShouldBe(new Uri("http://own:2/"));
        Read(lake, all).Endpoint.ShouldBe(new Uri("http://all:1/"));
        Read(lake, ("AWS_REGION", "eu-central-1")).Endpoint.ShouldBeNull();
    }

    [Fact]
    public void Region_and_credentials_are_found_as_those_of_DynamoDB()
    {
        var (lake, address) = (("Orders:Warehouse:Lake", "s3://bucket"), ("AWS_ENDPOINT_URL_S3", "http://own:2/"));

        var local = Read(lake, address);
        local.Region.SystemName.ShouldBe("us-east-1");
        local.Credentials.ShouldBeOfType<BasicAWSCredentials>().GetCredentials().AccessKey.ShouldBe("local");
        Read(lake, address, ("AWS_ACCESS_KEY_ID", "me"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "eu-west-1")).Credentials!.GetCredentials().AccessKey.ShouldBe("me");
        Read(lake, ("AWS_REGION", "eu-west-1")).Credentials.ShouldBeNull();
    }

    [Fact]
    public void S3_without_a_region_and_an_address_is_refused_and_a_folder_needs_neither()
    {
        Should.Throw<SettingsException>(() => Read(("Orders:Warehouse:Lake", "s3://bucket"))).Message.ShouldBe(
            "AWS_REGION: Neither it nor AWS_ENDPOINT_URL_S3 is set. Set the region of the lake's bucket, or the address of another S3.");
        Read(("Orders:Warehouse:Lake", "folder")).Endpoint.ShouldBeNull();
        Read().Endpoint.ShouldBeNull();
    }

    [Theory]
    [InlineData("s3://bucket", "bucket", "")]
    [InlineData("s3://bucket/", "bucket", "")]
    [InlineData("S3://my.bucket-1/a/b/", "my.bucket-1", "a/b/")]
    public void An_address_names_bucket_and_prefix(string lake, string bucket, string prefix) => LakeAddress.Parse(lake).ShouldBe(new(bucket, prefix));

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3://B")]
    [InlineData("s3://Bucket/a")]
    [InlineData("s3://bucket//a")]
    [InlineData("s3://bucket/../a")]
    [InlineData("gs://bucket/a")]
    [InlineData("https://bucket.s3.amazonaws.com/a")]
    public void Another_address_is_refused(string lake) => Should.Throw<SettingsException>(() => WarehouseSettings.Read(Configuration(("Orders:Warehouse:Lake", lake)))).Message.ShouldBe(
        $"Orders__Warehouse__Lake: '{lake}' is neither a folder nor s3://bucket/prefix. Correct it, for example .orders/lake or s3://my-bucket/lake.");

    /// <summary>The settings of S3 from these; the last of one name counts.</summary>
    internal static S3Settings Read(params (string Name, string? Value)[] settings) => S3Settings.Read(Configuration(settings));

    private static IConfigurationRoot Configuration(params (string Name, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(all).Build();
    }
}

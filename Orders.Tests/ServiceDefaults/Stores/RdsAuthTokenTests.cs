using Amazon.Runtime;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class RdsAuthTokenTests
{
    private static readonly DateTimeOffset When = new(2016, 11, 7, 17, 39, 33, TimeSpan.Zero);

    // The values and the signature are those of botocore's own test of generate_db_auth_token.
    [Fact]
    public void A_token_has_the_signature_that_the_python_sdk_publishes() =>
        Make("someusername", new ImmutableCredentials("akid", "skid", null)).ShouldBe(
            "prod-instance.us-east-1.rds.amazonaws.com:3306/?Action=connect&DBUser=someusername&X-Amz-Algorithm=AWS4-HMAC-SHA256" +
            "&X-Amz-Credential=akid%2F20161107%2Fus-east-1%2Frds-db%2Faws4_request&X-Amz-Date=20161107T173933Z&X-Amz-Expires=900" +
            "&X-Amz-SignedHeaders=host&X-Amz-Signature=d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61");

    [Fact]
    public void The_token_of_a_role_is_named_and_signed_too()
    {
        var token = Make("someusername", new ImmutableCredentials("akid", "skid", "a/b+c="));

        token.ShouldContain("&X-Amz-Security-Token=a%2Fb%2Bc%3D&X-Amz-SignedHeaders=host&");
        Signature(token).ShouldNotBe(Signature(Make("someusername", new ImmutableCredentials("akid", "skid", "a/b+d="))));
    }

    [Fact]
    public void A_user_with_a_sign_in_its_name_is_escaped() =>
        Make("a user&DBUser=root", new ImmutableCredentials("akid", "skid", null)).ShouldContain("&DBUser=a%20user%26DBUser%3Droot&");

    private static string Make(string user, ImmutableCredentials credentials) =>
        RdsAuthToken.Make("prod-instance.us-east-1.rds.amazonaws.com", 3306, user, "us-east-1", credentials, When);

    private static string Signature(string token) => token[^64..];
}

using Amazon.Runtime;
using DynamoStreams.Api;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Api;

public sealed class RequestSignerTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("session-token")]
    public void Signs_as_the_sdk_does(string? token)
    {
        var body = """{"StreamArn":"arn"}"""u8.ToArray();
        var credentials = new ImmutableCredentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token);
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://streams.dynamodb.eu-west-1.amazonaws.com/");
        var now = new DateTimeOffset(2026, 11, 20, 1, 2, 3, TimeSpan.Zero);

        new RequestSigner("eu-west-1", new StoppedClock(now)).Sign(request, "streams.dynamodb.eu-west-1.amazonaws.com", "application/x-amz-json-1.0", "DynamoDBStreams_20120810.DescribeStream", body, credentials);

        request.Headers.GetValues("Authorization").Single().ShouldBe(Sdk(now, body, credentials));
    }

    /// <summary>The same request, signed by the SDK's own signer.</summary>
    private static string Sdk(DateTimeOffset now, byte[] body, ImmutableCredentials credentials)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "application/x-amz-json-1.0",
            ["host"] = "streams.dynamodb.eu-west-1.amazonaws.com",
            ["x-amz-date"] = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'"),
            ["x-amz-target"] = "DynamoDBStreams_20120810.DescribeStream",
        };
        if (credentials.UseToken)
        {
            headers["x-amz-security-token"] = credentials.Token;
        }

        var signed = string.Join(';', headers.Keys);
        var canonical = $"POST\n/\n\n{string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"))}\n{signed}\n{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body))}";
        return Amazon.Runtime.Internal.Auth.AWS4Signer.ComputeSignature(credentials, "eu-west-1", now.UtcDateTime, "dynamodb", signed, canonical).ForAuthorizationHeader;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

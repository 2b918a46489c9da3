using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace DynamoStreams.Api;

/// <summary>
/// AWS Signature Version 4 for a POST to "/" with a JSON body; this API needs nothing else.
/// <see href="https://docs.aws.amazon.com/general/latest/gr/sigv4_signing.html"/>
/// </summary>
internal sealed class RequestSigner(string region, TimeProvider time)
{
    private const string Service = "dynamodb";
    private const string SignedHeaders = "content-type;host;x-amz-date;x-amz-target";
    private const string SignedHeadersWithToken = "content-type;host;x-amz-date;x-amz-security-token;x-amz-target";

    public void Sign(HttpRequestMessage request, string host, string contentType, string target, ReadOnlySpan<byte> body, ImmutableCredentials credentials)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var timestamp = now.ToString("yyyyMMdd'T'HHmmss'Z'");
        var date = timestamp[..8];
        var token = credentials.UseToken ? $"x-amz-security-token:{credentials.Token}\n" : "";
        var signedHeaders = credentials.UseToken ? SignedHeadersWithToken : SignedHeaders;
        var canonical =
            $"POST\n/\n\ncontent-type:{contentType}\nhost:{host}\nx-amz-date:{timestamp}\n{token}x-amz-target:{target}\n\n{signedHeaders}\n{Hex(SHA256.HashData(body))}";
        var scope = $"{date}/{region}/{Service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";

        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey), date);
        key = Hmac(Hmac(Hmac(key, region), Service), "aws4_request");
        var signature = Hex(Hmac(key, toSign));

        request.Headers.TryAddWithoutValidation("X-Amz-Date", timestamp);
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        if (credentials.UseToken)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", credentials.Token);
        }

        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={credentials.AccessKey}/{scope}, SignedHeaders={signedHeaders}, Signature={signature}");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}

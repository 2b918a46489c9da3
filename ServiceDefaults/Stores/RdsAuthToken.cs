using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;

namespace Orders.ServiceDefaults.Stores;

/// <summary>
/// A token that RDS and RDS Proxy accept instead of a password: the presigned URL (AWS Signature Version 4)
/// of the action <c>connect</c>, without its scheme. It is computed locally, without a call.
/// <see href="https://docs.aws.amazon.com/general/latest/gr/sigv4_signing.html"/>
/// </summary>
internal static class RdsAuthToken
{
    private const string Service = "rds-db";
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>
    /// How long RDS accepts a token, in seconds: 15 minutes. Open connections are not affected.
    /// </summary>
    private const int LifetimeSeconds = 900;

    /// <param name="host">The host of the connection, as in its certificate.</param>
    /// <param name="port">The port.</param>
    /// <param name="user">The database's user.</param>
    /// <param name="region">The database's region.</param>
    /// <param name="credentials">The credentials that sign.</param>
    /// <param name="now">The time of the signature.</param>
    public static string Make(string host, int port, string user, string region, ImmutableCredentials credentials, DateTimeOffset now)
    {
        var timestamp = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var date = timestamp[..8];
        var scope = $"{date}/{region}/{Service}/aws4_request";
        var authority = string.Create(CultureInfo.InvariantCulture, $"{host}:{port}");
        // Sorted by name, as the signature requires.
        var query =
            $"Action=connect&DBUser={Uri.EscapeDataString(user)}&X-Amz-Algorithm={Algorithm}" +
            $"&X-Amz-Credential={Uri.EscapeDataString($"{credentials.AccessKey}/{scope}")}&X-Amz-Date={timestamp}&X-Amz-Expires={LifetimeSeconds}" +
            (credentials.UseToken ? $"&X-Amz-Security-Token={Uri.EscapeDataString(credentials.Token)}" : "") +
            "&X-Amz-SignedHeaders=host";

        var canonical = $"GET\n/\n{query}\nhost:{authority}\n\nhost\n{Hex(SHA256.HashData([]))}";
        var toSign = $"{Algorithm}\n{timestamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = Encoding.UTF8.GetBytes("AWS4" + credentials.SecretKey);
        foreach (var part in new[] { date, region, Service, "aws4_request" })
        {
            key = Hmac(key, part);
        }

        return $"{authority}/?{query}&X-Amz-Signature={Hex(Hmac(key, toSign))}";
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}

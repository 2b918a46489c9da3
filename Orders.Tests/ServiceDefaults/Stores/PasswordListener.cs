using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Orders.Tests.ServiceDefaults;

/// <summary>
/// Listens where a Postgres would, over TLS, until a client has said its password in clear text, as RDS asks
/// for it, and refuses it.
/// </summary>
internal sealed class PasswordListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;

    public PasswordListener()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        _listener.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The password of the next client, who is refused.</summary>
    public async Task<string> HearAsync(CancellationToken cancellationToken)
    {
        using var client = await _listener.AcceptTcpClientAsync(cancellationToken);
        var plain = client.GetStream();
        _ = await ReadMessageAsync(plain, hasKind: false, cancellationToken); // SSLRequest
        await plain.WriteAsync("S"u8.ToArray(), cancellationToken);
        await using var secure = new SslStream(plain);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        await ReadMessageAsync(secure, hasKind: false, cancellationToken); // StartupMessage
        await secure.WriteAsync(new byte[] { (byte)'R', 0, 0, 0, 8, 0, 0, 0, 3 }, cancellationToken); // AuthenticationCleartextPassword
        var password = await ReadMessageAsync(secure, hasKind: true, cancellationToken);
        await secure.WriteAsync(Refusal(), cancellationToken);
        return Encoding.UTF8.GetString(password).TrimEnd('\0');
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    // ErrorResponse "invalid password": a client that is told nothing tries again in another way.
    private static byte[] Refusal()
    {
        var fields = "SFATAL\0VFATAL\0C28P01\0Mno\0\0"u8;
        var message = new byte[5 + fields.Length];
        message[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        fields.CopyTo(message.AsSpan(5));
        return message;
    }

    private static async Task<byte[]> ReadMessageAsync(Stream stream, bool hasKind, CancellationToken cancellationToken)
    {
        var head = new byte[hasKind ? 5 : 4];
        await stream.ReadExactlyAsync(head, cancellationToken);
        var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(head.Length - 4)) - 4];
        await stream.ReadExactlyAsync(body, cancellationToken);
        return body;
    }
}

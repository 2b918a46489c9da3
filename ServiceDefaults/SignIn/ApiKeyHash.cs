using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Orders.ServiceDefaults.SignIn;

/// <summary>
/// A secret's hash, written <c>sha256:&lt;salt&gt;:&lt;hash&gt;</c> with both parts in base64: SHA-256 over
/// the salt and the secret's UTF-8. A fast hash is the right one here. Slow hashes protect guessable
/// passwords; secrets are made by <see cref="NewSecret"/> from 256 random bits, which no speed of hashing
/// makes guessable, and every single request pays for a comparison.
/// </summary>
internal sealed class ApiKeyHash
{
    private const string Prefix = "sha256";
    private const int MinSaltBytes = 16;
    private const int MaxSaltBytes = 64;
    private const int SecretBytes = 32;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private ApiKeyHash(byte[] salt, byte[] hash) => (_salt, _hash) = (salt, hash);

    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static ApiKeyHash Of(string secret)
    {
        var salt = RandomNumberGenerator.GetBytes(MinSaltBytes);
        return new(salt, SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(secret)]));
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out ApiKeyHash? hash)
    {
        hash = null;
        if (text?.Split(':') is not [Prefix, var saltText, var hashText])
        {
            return false;
        }

        var salt = Decode(saltText);
        var digest = Decode(hashText);
        if (salt is null || salt.Length is < MinSaltBytes or > MaxSaltBytes || digest is not { Length: SHA256.HashSizeInBytes })
        {
            return false;
        }

        hash = new(salt, digest);
        return true;
    }

    /// <summary>
    /// Whether <paramref name="secret"/> is the one. Takes as long for a wrong secret as for the right one.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> secret)
    {
        Span<byte> salted = stackalloc byte[MaxSaltBytes + CredentialReader.MaxChars * 3];
        _salt.CopyTo(salted);
        if (!Encoding.UTF8.TryGetBytes(secret, salted[_salt.Length..], out var written))
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(salted[..(_salt.Length + written)], digest);
        return CryptographicOperations.FixedTimeEquals(digest, _hash);
    }

    public override string ToString() => $"{Prefix}:{Convert.ToBase64String(_salt)}:{Convert.ToBase64String(_hash)}";

    private static byte[]? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written) ? bytes[..written] : null;
    }
}

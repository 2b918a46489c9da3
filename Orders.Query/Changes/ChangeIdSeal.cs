using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Orders.Domain;

namespace Orders.Query.Changes;

/// <summary>
/// Event ids as clients store them: encrypted and authenticated, all of one length, and new each time. A
/// position counts the transactions of all merchants, and an id must tell a merchant nothing of others'.
/// Every instance with the same key opens them.
/// </summary>
internal sealed class ChangeIdSeal(byte[] key)
{
    // Layout: a format number, the nonce, the encrypted content (feed, transaction, order, revision), the
    // tag. 81 bytes are exactly 108 characters, so there are no spare bits that could be changed unnoticed.
    private const byte Format = 1;
    private const int SaltAt = 1;
    private const int SaltBytes = 12;
    private const int NonceAt = SaltAt + SaltBytes;
    private const int NonceBytes = 12;
    private const int ContentAt = NonceAt + NonceBytes;
    private const int FeedBytes = 8;
    private const int XidAt = FeedBytes;
    private const int OrderAt = XidAt + sizeof(ulong);
    private const int RevisionAt = OrderAt + 16;
    private const int ContentBytes = RevisionAt + sizeof(long);
    private const int TagAt = ContentAt + ContentBytes;
    private const int TagBytes = 16;
    private const int Length = TagAt + TagBytes;
    private const int Characters = Length / 3 * 4;

    /// <summary>Stands for a feed that is not there.</summary>
    private static readonly ChangeEventId OfNoFeed = new("", default);

    // Not the key of cursors itself: one key, one use.
    private readonly byte[] _key = HMACSHA256.HashData(key, "ids of changes"u8);

    /// <summary>Makes the id of a position.</summary>
    public string Close(ChangeEventId id)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Span<byte> content = stackalloc byte[ContentBytes];
        content.Clear();
        Encoding.ASCII.GetBytes(id.Feed, content[..FeedBytes]);
        BinaryPrimitives.WriteUInt64BigEndian(content[XidAt..], id.Position.Xid);
        id.Position.OrderId.TryWriteBytes(content[OrderAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(content[RevisionAt..], id.Position.Revision);
        bytes[0] = Format;
        RandomNumberGenerator.Fill(bytes[SaltAt..ContentAt]);
        using var cipher = CipherOf(bytes.Slice(SaltAt, SaltBytes));
        cipher.Encrypt(bytes.Slice(NonceAt, NonceBytes), content, bytes.Slice(ContentAt, ContentBytes), bytes[TagAt..], bytes[..1]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads an id.</summary>
    /// <param name="text">What a client sends.</param>
    /// <param name="id">The position. An id of another key, or of a version of this service before ids were
    /// sealed, is of no feed: its client must read again what it has.</param>
    /// <returns>Whether it looks like an id.</returns>
    public bool TryOpen(string text, [NotNullWhen(true)] out ChangeEventId? id)
    {
        id = IsOfEarlierVersion(text) ? OfNoFeed : null;
        Span<byte> bytes = stackalloc byte[Length];
        if (text.Length != Characters || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != Length)
        {
            return id is not null;
        }

        id = OfNoFeed;
        Span<byte> content = stackalloc byte[ContentBytes];
        try
        {
            using var cipher = CipherOf(bytes.Slice(SaltAt, SaltBytes));
            cipher.Decrypt(bytes.Slice(NonceAt, NonceBytes), bytes.Slice(ContentAt, ContentBytes), bytes[TagAt..], content, bytes[..1]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return true;
        }

        var position = new ChangePosition(
            BinaryPrimitives.ReadUInt64BigEndian(content[XidAt..]), new Guid(content.Slice(OrderAt, 16), bigEndian: true), BinaryPrimitives.ReadInt64BigEndian(content[RevisionAt..]));
        id = new(Encoding.ASCII.GetString(content[..FeedBytes]).TrimEnd('\0'), position);
        return true;
    }

    // A key of its own for each id: random nonces of 96 bits alone would meet after some thousand million
    // ids of one key.
    private AesGcm CipherOf(ReadOnlySpan<byte> salt)
    {
        Span<byte> derived = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, salt, derived);
        return new AesGcm(derived, TagBytes);
    }

    // feed-transaction or feed-transaction.order.revision, in the open.
    private static bool IsOfEarlierVersion(string text) =>
        text.Length > FeedBytes + 1 && text[FeedBytes] == '-' && text[..FeedBytes].All(char.IsAsciiHexDigitLower)
        && text[(FeedBytes + 1)..].Split('.') is { Length: 1 or 3 } parts && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && (parts.Length == 1 || (OrderIds.TryRead(parts[1], out _) && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out _)));
}

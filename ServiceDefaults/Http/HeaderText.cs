using System.Text;

namespace Orders.ServiceDefaults.Http;

/// <summary>How the server decodes the values of request headers.</summary>
internal static class HeaderText
{
    private const string ContentLength = "Content-Length";

    private static readonly Digits OnlyDigits = new();

    /// <summary>
    /// Latin-1 accepts any byte (RFC 9110, 5.5), so a header that is not UTF-8 fails only where it is read:
    /// wrong credentials are a 401, an invalid key or tag is a 400, and a User-Agent does not matter.
    /// </summary>
    public static Encoding EncodingOf(string header) =>
        header.Equals(ContentLength, StringComparison.OrdinalIgnoreCase) ? OnlyDigits : Encoding.Latin1;

    /// <summary>
    /// A length is digits only (RFC 9110, 8.6). The server would take +5 and -0 too, and a proxy in front of
    /// it perhaps another length (request smuggling). A letter that no number has makes it refuse them.
    /// </summary>
    private sealed class Digits : Encoding
    {
        private const char NoDigit = '?';

        public override int GetCharCount(byte[] bytes, int index, int count) => count;

        public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
        {
            for (var n = 0; n < byteCount; n++)
            {
                chars[charIndex + n] = char.IsAsciiDigit((char)bytes[byteIndex + n]) ? (char)bytes[byteIndex + n] : NoDigit;
            }

            return byteCount;
        }

        public override int GetMaxCharCount(int byteCount) => byteCount;

        public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

        public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
            Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

        public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);
    }
}

using System.Text;

namespace DynamoStreams.Postgres;

/// <summary>Makes any text storable: Postgres rejects NUL and invalid Unicode.</summary>
internal static class StorableText
{
    private const char Replacement = '\uFFFD';

    public static string From(string text) => IsStorable(text) ? text : Replace(text);

    // Encoding to UTF-8 replaces lone surrogates.
    private static string Replace(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', Replacement)));

    private static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i++)))
            {
                return false;
            }
        }

        return true;
    }
}

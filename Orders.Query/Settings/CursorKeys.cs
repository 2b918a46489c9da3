using System.Security.Cryptography;
using System.Text;

namespace Orders.Query.Settings;

/// <summary>Keys that sign cursors.</summary>
internal static class CursorKeys
{
    /// <summary>Derives a key from a text.</summary>
    public static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"orders-query cursor\n{text}"));
}

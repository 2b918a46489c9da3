using System.Security.Cryptography;
using System.Text;

namespace Orders.Query.Settings;

/// <summary>Keys that cursors are sealed with.</summary>
internal static class CursorKeys
{
    /// <summary>Makes a key of a text.</summary>
    public static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"orders-query cursor\n{text}"));
}

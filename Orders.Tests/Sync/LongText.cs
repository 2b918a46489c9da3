namespace Orders.Tests.Sync;

/// <summary>Text that no compression makes short: Postgres compresses what it puts into an index.</summary>
internal static class LongText
{
    public static string OfBytes(int length)
    {
        var bytes = new byte[length / 4 * 3];
        new Random(length).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }
}

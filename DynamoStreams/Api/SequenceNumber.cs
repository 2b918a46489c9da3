namespace DynamoStreams.Api;

/// <summary>
/// Sequence numbers: decimal numbers of up to 40 digits, too long for any integer type.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/StreamRecord"/>
/// </summary>
internal static class SequenceNumber
{
    public static bool IsOne(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    /// <summary>Compares two as numbers. The order means something only within one shard.</summary>
    public static int Compare(string a, string b)
    {
        var left = a.AsSpan().TrimStart('0');
        var right = b.AsSpan().TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}

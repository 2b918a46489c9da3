using System.Buffers.Text;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Store;

/// <summary>
/// Random marks of the writes of an order's last versions: <c>3:kXf2LrAq 2:9sWbT0uE</c>, the newest first. A
/// request whose response was lost looks for its own mark, to find out whether it was executed, even if
/// others have changed the order since.
/// </summary>
internal readonly struct WriteMarks
{
    // An order has at most this many versions of this service, so that every one keeps its mark.
    private const int Most = 3;
    private const int IdBytes = 6;

    private readonly string? _marks;

    private WriteMarks(string? marks) => _marks = marks;

    /// <summary>The marks of an order's item.</summary>
    public static WriteMarks Of(Dictionary<string, AttributeValue> item) => new(item.GetValueOrDefault(OrderAttributes.WriteIds)?.S);

    /// <summary>A unique mark for one write.</summary>
    /// <param name="version">The version that it writes.</param>
    public static string New(long version) => $"{version}:{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes))}";

    /// <summary>The attribute's next value.</summary>
    /// <param name="mark">The mark of the next write.</param>
    public string With(string mark) => string.Join(' ', [mark, .. Each().Take(Most - 1)]);

    /// <summary>Whether a conditional write of the mark's version was executed; null when unknown.</summary>
    /// <param name="mark">The write's.</param>
    public bool? Tell(string mark)
    {
        var ofVersion = mark[..(mark.IndexOf(':', StringComparison.Ordinal) + 1)];
        foreach (var other in Each())
        {
            if (other == mark)
            {
                return true;
            }

            if (other.StartsWith(ofVersion, StringComparison.Ordinal))
            {
                return false;
            }
        }

        // Writers that bypass the write API leave no mark, and may have replaced an item with this mark, at
        // any version.
        return null;
    }

    private string[] Each() => _marks?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

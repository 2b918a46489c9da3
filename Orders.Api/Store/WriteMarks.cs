using System.Buffers.Text;
using System.Security.Cryptography;
using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Store;

/// <summary>
/// Who wrote an order's last versions: <c>3:kXf2LrAq 2:9sWbT0uE</c>, the newest first. By its own mark a
/// request whose answer was lost finds out whether it was carried out, also when others have changed the
/// order since.
/// </summary>
internal readonly struct WriteMarks
{
    // An order has no more steps in its life: every version that this service writes keeps its mark.
    private const int Most = 3;
    private const int IdBytes = 6;

    private readonly string? _marks;

    private WriteMarks(string? marks) => _marks = marks;

    /// <summary>The marks of an order's item.</summary>
    public static WriteMarks Of(Dictionary<string, AttributeValue> item) => new(item.GetValueOrDefault(OrderAttributes.WriteIds)?.S);

    /// <summary>A mark for one write; no other has the same.</summary>
    /// <param name="version">The version that it writes.</param>
    public static string New(long version) => $"{version}:{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes))}";

    /// <summary>The attribute's next value.</summary>
    /// <param name="mark">Of the write that follows.</param>
    public string With(string mark) => string.Join(' ', [mark, .. Each().Take(Most - 1)]);

    /// <summary>
    /// Whether a write was carried out whose condition was that the order be at the version before; null
    /// where that cannot be known.
    /// </summary>
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

        // Others that go past the write API leave no mark, and may have replaced an item that had this one,
        // at whatever version.
        return null;
    }

    private string[] Each() => _marks?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

namespace Orders.Domain;

/// <summary>
/// How large an order may be. Together they keep an order's item under DynamoDB's 400 KB: 250 lines of the longest texts (200
/// characters of 3 bytes, ids of 128) are about 200 KB.
/// </summary>
public static class OrderLimits
{
    /// <summary>Characters in an id of a merchant, customer or product.</summary>
    public const int IdLength = 128;

    /// <summary>Characters in a product's name.</summary>
    public const int NameLength = 200;

    /// <summary>Lines in an order.</summary>
    public const int Lines = 250;

    /// <summary>Pieces in a line.</summary>
    public const int Quantity = 1_000_000;

    /// <summary>The largest amount of an order or price of a piece. Sums of a million million such orders still fit a decimal.</summary>
    public const decimal Amount = 999_999_999_999.9999m;

    /// <summary>Whether a text may be an id: 1 to <see cref="IdLength"/> letters, digits and <c>. _ : @ -</c>. It then fits a key, a URL and a log line unescaped.</summary>
    /// <param name="id">The text.</param>
    public static bool IsId(ReadOnlySpan<char> id)
    {
        if (id.Length is 0 or > IdLength)
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or ':' or '@' or '-'))
            {
                return false;
            }
        }

        return true;
    }
}

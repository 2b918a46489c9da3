using System.Text.RegularExpressions;

namespace Orders.Warehouse.Settings;

/// <summary>A lake in S3: <c>s3://bucket/prefix</c>.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What all keys begin with: empty, or it ends in <c>/</c>.</param>
internal sealed partial record LakeAddress(string Bucket, string Prefix)
{
    private const string Scheme = "s3://";

    /// <summary>Whether a setting names S3 and not a folder.</summary>
    public static bool IsS3(string lake) => lake.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a setting is the address of something that is neither a folder nor S3:
    /// <c>gs://</c>, <c>https://</c>.</summary>
    public static bool IsForeign(string lake) => lake.Contains("://", StringComparison.Ordinal) && !IsS3(lake);

    /// <summary>Reads it; null when it is malformed.</summary>
    public static LakeAddress? Parse(string lake)
    {
        if (!IsS3(lake))
        {
            return null;
        }

        var parts = lake[Scheme.Length..].TrimEnd('/').Split('/');
        return BucketForm().IsMatch(parts[0]) && parts[1..].All(part => part is not ("" or "." or ".."))
            ? new(parts[0], string.Concat(parts[1..].Select(part => part + "/")))
            : null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BucketForm();
}

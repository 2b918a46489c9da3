using Amazon.S3.Model;
using Orders.Tests.Engines;
using Orders.Tests.Warehouse.Store;

namespace Orders.Tests.Warehouse.Chaos;

/// <summary>A lake of a test's own, in a folder or in a bucket.</summary>
/// <param name="folder">An empty folder.</param>
/// <param name="bucket">An empty bucket; null for a lake in the folder.</param>
internal sealed class TestLake(TempFolder folder, TestBucket? bucket = null)
{
    /// <summary>The warehouse's settings for it.</summary>
    public Dictionary<string, string?> Settings => bucket is null
        ? new(StringComparer.Ordinal) { ["Orders:Warehouse:Lake"] = folder.In("lake") }
        : new(bucket.Settings, StringComparer.Ordinal) { ["Orders:Warehouse:Cache"] = folder.In("cache") };

    /// <summary>The file with the views; of a bucket that of its local copy, which is made when a query
    /// runs.</summary>
    public string Views => Directory.GetFiles(folder.Path, "warehouse.duckdb", SearchOption.AllDirectories).Single();

    /// <summary>The data files, as whoever looks into the store sees them, on this machine.</summary>
    /// <returns>Of each its path in the lake.</returns>
    public async Task<IReadOnlyDictionary<string, FileInfo>> FilesAsync()
    {
        var root = bucket is null ? folder.In("lake") : await DownloadAsync(bucket);
        return new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is ".parquet" or ".ndjson" && !file.Name.EndsWith("-schema.parquet", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetRelativePath(root, file.FullName).Replace(Path.DirectorySeparatorChar, '/'));
    }

    private async Task<string> DownloadAsync(TestBucket from)
    {
        const string Prefix = "lake/";
        var root = folder.In("downloaded");
        using var client = from.CreateClient();
        var request = new ListObjectsV2Request { BucketName = from.Name, Prefix = Prefix };
        ListObjectsV2Response page;
        do
        {
            page = await client.ListObjectsV2Async(request);
            foreach (var found in page.S3Objects ?? [])
            {
                using var got = await client.GetObjectAsync(from.Name, found.Key);
                await got.WriteResponseStreamToFileAsync(Path.Combine(root, found.Key[Prefix.Length..]), append: false, CancellationToken.None);
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (page.IsTruncated == true);
        return root;
    }
}

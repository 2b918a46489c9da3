using System.Globalization;

namespace Orders.Warehouse.Store;

/// <summary>Writes, lists, reads and deletes a small object, to see at the start that all of it is
/// allowed.</summary>
internal static class LakeProbe
{
    private const string Prefix = ".check-";

    // A check takes seconds; what is left of an older one belongs to a killed process.
    private static readonly TimeSpan LongestCheck = TimeSpan.FromHours(1);

    /// <summary>Does it.</summary>
    /// <exception cref="LakeException">The store does not do what it must.</exception>
    public static async Task RunAsync(ILakeStore store, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = Prefix + Guid.CreateVersion7(time.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);
        var folder = Directory.CreateTempSubdirectory("orders-lake-");
        try
        {
            var (written, read) = (Path.Combine(folder.FullName, "written"), Path.Combine(folder.FullName, "read"));
            await File.WriteAllTextAsync(written, path, cancellationToken);
            await store.PutAsync(path, written, cancellationToken);
            try
            {
                if (!await IsListedAsync(store, path, time, cancellationToken)
                    || !await store.GetAsync(path, read, cancellationToken)
                    || await File.ReadAllTextAsync(read, cancellationToken) != path)
                {
                    throw new LakeException(
                        $"{store.Name} takes an object, and then does not show it as it was written. Let {LakeException.Setting} name a store that does.", isSetup: true);
                }
            }
            finally
            {
                await store.DeleteAsync([path], cancellationToken);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<bool> IsListedAsync(ILakeStore store, string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var isThere = false;
        List<string> leftovers = [];
        await foreach (var each in store.ListAsync(Prefix, cancellationToken))
        {
            isThere |= each.Path == path;
            if (each.WrittenAt < time.GetUtcNow() - LongestCheck)
            {
                leftovers.Add(each.Path);
            }
        }

        await store.DeleteAsync(leftovers, cancellationToken);
        return isThere;
    }
}

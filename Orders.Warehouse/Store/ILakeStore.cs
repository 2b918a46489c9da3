namespace Orders.Warehouse.Store;

/// <summary>
/// Where the lake's objects are: a folder, or a bucket of S3. An object is written whole or not at all; no
/// reader ever sees a part of one.
/// </summary>
/// <remarks>A path is relative to the lake, with <c>/</c> between its parts:
/// <c>orders_changes/day=2026-11-30/0-….parquet</c>.</remarks>
internal interface ILakeStore
{
    /// <summary>Where it is, for people: a path, or <c>s3://bucket/prefix</c>.</summary>
    string Name { get; }

    /// <summary>The folder, if the objects are files of this machine; null for S3.</summary>
    string? Folder { get; }

    /// <summary>Writes an object, in place of the one of that name if there is one.</summary>
    /// <param name="path">Its path in the lake.</param>
    /// <param name="file">A local file with its content, which stays.</param>
    /// <param name="cancellationToken">Stops it. The object is then as before, or whole.</param>
    /// <exception cref="LakeException">The store refuses, or cannot be reached.</exception>
    Task PutAsync(string path, string file, CancellationToken cancellationToken);

    /// <summary>Reads an object into a local file, which is whole or not there.</summary>
    /// <param name="path">Its path in the lake.</param>
    /// <param name="file">The file to write; one that is there is replaced.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>False when there is no such object.</returns>
    /// <exception cref="LakeException">The store refuses, or cannot be reached.</exception>
    Task<bool> GetAsync(string path, string file, CancellationToken cancellationToken);

    /// <summary>Deletes objects. One that is not there is no fault.</summary>
    /// <param name="paths">Their paths in the lake.</param>
    /// <param name="cancellationToken">Stops between two of them.</param>
    /// <exception cref="LakeException">The store refuses, or cannot be reached.</exception>
    Task DeleteAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken);

    /// <summary>Lists objects, in any order.</summary>
    /// <param name="prefix">The beginning of their paths; empty for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="LakeException">The store refuses, or cannot be reached.</exception>
    IAsyncEnumerable<LakeObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Checks at the start that objects can be written, read and deleted.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="LakeException">They cannot: what is wrong, and the way out.</exception>
    Task CheckAsync(CancellationToken cancellationToken);
}

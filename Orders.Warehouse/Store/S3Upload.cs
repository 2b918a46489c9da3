using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace Orders.Warehouse.Store;

/// <summary>
/// Uploads a file: at once, or in parts when it is large. S3 shows an object only when all of it is there,
/// and refuses a body that is not what its Content-MD5 says.
/// </summary>
/// <param name="client">The client.</param>
/// <param name="bucket">The bucket.</param>
/// <param name="limits">The size of a part.</param>
internal sealed class S3Upload(IAmazonS3 client, string bucket, S3Limits limits)
{
    /// <summary>Parts that are under way at a time.</summary>
    private const int Parallel = 4;

    /// <summary>Uploads it.</summary>
    public async Task PutAsync(string key, string file, CancellationToken cancellationToken)
    {
        var length = new FileInfo(file).Length;
        if (length <= limits.PartBytes)
        {
            await PutWholeAsync(key, file, length, cancellationToken);
            return;
        }

        try
        {
            await PutPartsAsync(key, file, length, cancellationToken);
        }
        catch (AmazonS3Exception gone) when (gone.ErrorCode == "NoSuchUpload")
        {
            // Something ended the upload: a rule of the bucket, or a completion whose answer was lost.
            // Whether the object is there cannot be told; so it is written again.
            await PutPartsAsync(key, file, length, cancellationToken);
        }
    }

    private async Task PutWholeAsync(string key, string file, long length, CancellationToken cancellationToken) => await client.PutObjectAsync(
        new()
        {
            BucketName = bucket,
            Key = key,
            FilePath = file,
            MD5Digest = await DigestAsync(file, 0, length, cancellationToken),
            UseChunkEncoding = false,
        },
        cancellationToken);

    private async Task PutPartsAsync(string key, string file, long length, CancellationToken cancellationToken)
    {
        var upload = await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, cancellationToken);
        try
        {
            var parts = new PartETag[(int)((length + limits.PartBytes - 1) / limits.PartBytes)];
            await System.Threading.Tasks.Parallel.ForAsync(
                0,
                parts.Length,
                new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
                async (index, token) => parts[index] = await PutPartAsync(upload, file, index, length, token));
            await client.CompleteMultipartUploadAsync(
                new() { BucketName = bucket, Key = key, UploadId = upload.UploadId, PartETags = [.. parts] }, cancellationToken);
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task<PartETag> PutPartAsync(InitiateMultipartUploadResponse upload, string file, int index, long length, CancellationToken cancellationToken)
    {
        var start = (long)index * limits.PartBytes;
        var bytes = Math.Min(limits.PartBytes, length - start);
        var answer = await client.UploadPartAsync(
            new()
            {
                BucketName = bucket,
                Key = upload.Key,
                UploadId = upload.UploadId,
                PartNumber = index + 1,
                FilePath = file,
                FilePosition = start,
                PartSize = bytes,
                MD5Digest = await DigestAsync(file, start, bytes, cancellationToken),
                UseChunkEncoding = false,
            },
            cancellationToken);
        return new(index + 1, answer.ETag);
    }

    // The parts of a killed process stay until a lifecycle rule of the bucket removes them.
    private async Task AbortAsync(InitiateMultipartUploadResponse upload)
    {
        try
        {
            using var limit = new CancellationTokenSource(limits.Stall);
            await client.AbortMultipartUploadAsync(new() { BucketName = bucket, Key = upload.Key, UploadId = upload.UploadId }, limit.Token);
        }
        catch (Exception failure) when (S3Faults.IsOne(failure, CancellationToken.None))
        {
            // So does that rule.
        }
    }

    private static async Task<string> DigestAsync(string file, long start, long length, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, FileOptions.Asynchronous);
        content.Position = start;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        var buffer = new byte[128 * 1024];
        for (var left = length; left > 0;)
        {
            var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (read == 0)
            {
                throw new EndOfStreamException($"'{file}' became shorter while it was sent.");
            }

            md5.AppendData(buffer, 0, read);
            left -= read;
        }

        return Convert.ToBase64String(md5.GetHashAndReset());
    }
}

using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Orders.Warehouse.Settings;

namespace Orders.Warehouse.Store;

/// <summary>A lake whose objects are in a bucket of S3, or of a server that speaks its protocol.</summary>
internal sealed class S3Lake : ILakeStore, IDisposable
{
    private const int DeletesOfOneRequest = 1_000;
    private const int BufferBytes = 128 * 1024;

    private readonly LakeAddress _address;
    private readonly S3Limits _limits;
    private readonly TimeProvider _time;
    private readonly AmazonS3Client _client;
    private readonly S3Upload _upload;
    private readonly S3Faults _faults;

    /// <param name="address">The bucket, and what all keys begin with.</param>
    /// <param name="settings">Where S3 is.</param>
    /// <param name="limits">Sizes and waits.</param>
    /// <param name="time">The clock.</param>
    public S3Lake(LakeAddress address, S3Settings settings, S3Limits limits, TimeProvider time)
    {
        (_address, _limits, _time) = (address, limits, time);
        _client = S3Client.Create(settings, limits);
        _upload = new(_client, address.Bucket, limits);
        _faults = new(address.Bucket, settings);
        Name = $"s3://{address.Bucket}/{address.Prefix}".TrimEnd('/');
    }

    public string Name { get; }

    public string? Folder => null;

    public Task PutAsync(string path, string file, CancellationToken cancellationToken) =>
        GuardAsync(() => _upload.PutAsync(KeyOf(path), file, cancellationToken), cancellationToken);

    public async Task<bool> GetAsync(string path, string file, CancellationToken cancellationToken)
    {
        var key = KeyOf(path);
        try
        {
            await LakeFile.WriteAsync(file, (stream, token) => DownloadAsync(key, stream, token), isDurable: false, cancellationToken);
            return true;
        }
        catch (AmazonS3Exception none) when (none is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" or "NotFound" })
        {
            return false;
        }
        catch (S3BodyException cut)
        {
            throw _faults.Explain(cut.InnerException!);
        }
        catch (Exception local) when (FolderFaults.IsOne(local))
        {
            throw FolderFaults.Explain(local, Path.GetDirectoryName(file)!, WarehouseSettings.CacheSetting);
        }
        catch (Exception failure) when (S3Faults.IsOne(failure, cancellationToken))
        {
            throw _faults.Explain(failure);
        }
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> paths, CancellationToken cancellationToken)
    {
        foreach (var some in paths.Select(KeyOf).Chunk(DeletesOfOneRequest))
        {
            var request = new DeleteObjectsRequest { BucketName = _address.Bucket, Objects = [.. some.Select(key => new KeyVersion { Key = key })], Quiet = true };
            await GuardAsync(() => _client.DeleteObjectsAsync(request, cancellationToken), cancellationToken);
        }
    }

    public async IAsyncEnumerable<LakeObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _address.Bucket, Prefix = _address.Prefix + prefix };
        do
        {
            ListObjectsV2Response page = null!;
            await GuardAsync(async () => page = await _client.ListObjectsV2Async(request, cancellationToken), cancellationToken);
            foreach (var each in page.S3Objects ?? [])
            {
                yield return new(each.Key[_address.Prefix.Length..], each.Size ?? 0, each.LastModified is { } at ? new(at.ToUniversalTime(), TimeSpan.Zero) : default);
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => LakeProbe.RunAsync(this, _time, cancellationToken);

    public void Dispose() => _client.Dispose();

    private string KeyOf(string path)
    {
        LakePath.Check(path);
        return _address.Prefix + path;
    }

    /// <summary>Downloads an object, once more when its body was cut. The SDK's own retries end where the
    /// body begins.</summary>
    private async Task DownloadAsync(string key, Stream stream, CancellationToken cancellationToken)
    {
        for (var (attempt, pause) = (0, _limits.Pause); ; attempt++, pause *= 2)
        {
            try
            {
                stream.SetLength(0);
                stream.Position = 0;
                using var answer = await _client.GetObjectAsync(_address.Bucket, key, cancellationToken);
                await CopyAsync(answer, stream, cancellationToken);
                return;
            }
            catch (S3BodyException) when (attempt < _limits.Retries)
            {
                await Task.Delay(pause, _time, cancellationToken);
            }
        }
    }

    private async Task CopyAsync(GetObjectResponse answer, Stream stream, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var buffer = new byte[BufferBytes];
        var received = 0L;
        for (int read; (read = await ReadAsync()) > 0; received += read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (received != answer.ContentLength)
        {
            throw new S3BodyException(new EndOfStreamException($"{received} of {answer.ContentLength} bytes came"));
        }

        async Task<int> ReadAsync()
        {
            try
            {
                stall.CancelAfter(_limits.Stall);
                return await answer.ResponseStream.ReadAsync(buffer, stall.Token);
            }
            catch (Exception cut) when (S3Faults.IsOne(cut, cancellationToken))
            {
                throw new S3BodyException(cut);
            }
        }
    }

    private async Task GuardAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (S3Faults.IsOne(failure, cancellationToken))
        {
            throw _faults.Explain(failure);
        }
    }

    /// <summary>The body of an answer was cut. Kept apart from the failures of the local file that it is
    /// written to.</summary>
    private sealed class S3BodyException(Exception cut) : Exception(cut.Message, cut);
}

using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Amazon.Runtime;

namespace DynamoStreams.Api;

/// <summary>
/// A thin client of the DynamoDB Streams API: JSON 1.0 over HTTP, signed; responses are decoded directly
/// from UTF-8 in pooled buffers. It never retries: the reader decides what to do about a failure.
/// </summary>
public sealed class StreamsClient : IStreamsApi, IDisposable
{
    private const string ContentType = "application/x-amz-json-1.0";

    // The service counts at most 1 MB of data in a page; as JSON with both images that is rarely more than 3
    // MB.
    // https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/GetRecords
    private const int FirstBuffer = 64 * 1024;

    // The upper bound, whatever Content-Length says.
    private const int LargestFirstBuffer = 16 * 1024 * 1024;

    private readonly HttpClient _http;
    private readonly AWSCredentials _credentials;
    private readonly RequestSigner _signer;
    private readonly string _host;

    /// <summary>Makes a client.</summary>
    /// <param name="endpoint">Where the service is, <c>https://streams.dynamodb.eu-west-1.amazonaws.com</c>
    /// or an emulator's address.</param>
    /// <param name="region">The region for which requests are signed.</param>
    /// <param name="credentials">The credentials that sign requests.</param>
    /// <param name="time">The clock that dates the signatures.</param>
    /// <param name="timeout">How long a call may take; 10 seconds when not given.</param>
    public StreamsClient(Uri endpoint, string region, AWSCredentials credentials, TimeProvider time, TimeSpan? timeout = null)
    {
        _credentials = credentials;
        _signer = new RequestSigner(region, time);
        _host = endpoint.Authority;
        // Loopback addresses bypass the proxy.
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(3), UseProxy = !endpoint.IsLoopback })
        {
            BaseAddress = endpoint,
            Timeout = timeout ?? TimeSpan.FromSeconds(10),
        };
    }

    /// <summary>The address of the service in a region.</summary>
    /// <param name="region">A region's name, <c>eu-west-1</c>.</param>
    public static Uri RegionalEndpoint(string region) =>
        new($"https://streams.dynamodb.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}");

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StreamSummary>> ListStreamsAsync(string tableName, CancellationToken cancellationToken)
    {
        var streams = new List<StreamSummary>();
        string? before, after = null;
        do
        {
            using var answer = await CallAsync("ListStreams", StreamsRequests.ListStreams(tableName, after), cancellationToken);
            (before, after) = (after, StreamsAnswers.ReadStreams(answer.Json, streams));
        }
        while (after is not null && after != before);
        streams.Sort((a, b) => string.CompareOrdinal(a.StreamLabel, b.StreamLabel));
        return streams;
    }

    /// <inheritdoc/>
    public async Task<StreamDescription> DescribeStreamAsync(string streamArn, string? afterShardId, string? childrenOf, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync("DescribeStream", StreamsRequests.DescribeStream(streamArn, afterShardId, childrenOf), cancellationToken);
        return StreamsAnswers.ReadDescription(answer.Json);
    }

    /// <inheritdoc/>
    public async Task<string> GetShardIteratorAsync(string streamArn, string shardId, string? afterSequenceNumber, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync("GetShardIterator", StreamsRequests.GetShardIterator(streamArn, shardId, afterSequenceNumber), cancellationToken);
        return StreamsAnswers.ReadIterator(answer.Json);
    }

    /// <inheritdoc/>
    public async Task<RecordPage> GetRecordsAsync(string shardIterator, CancellationToken cancellationToken)
    {
        var answer = await CallAsync("GetRecords", StreamsRequests.GetRecords(shardIterator), cancellationToken);
        try
        {
            var page = RecordsAnswer.Read(answer.Json, answer.Buffer);
            if (page.Records.Count == 0)
            {
                answer.Dispose();
            }

            return page;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<Answer> CallAsync(string operation, byte[] body, CancellationToken cancellationToken)
    {
        // HttpClient.Timeout ends with the headers. A connection can also break in the middle of the body
        // without an error.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_http.Timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
        try
        {
            var credentials = await _credentials.GetCredentialsAsync();
            _signer.Sign(request, _host, ContentType, $"DynamoDBStreams_20120810.{operation}", body, credentials);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            var answer = await ReadBodyAsync(response, limit.Token);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return answer;
            }

            using (answer)
            {
                throw StreamsAnswers.ReadError(answer.Json, (int)response.StatusCode);
            }
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException || (failed is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new StreamsException(StreamsFailure.Unavailable, $"{operation}: {failed.Message}", failed);
        }
        catch (AmazonClientException failed)
        {
            throw new StreamsException(StreamsFailure.AccessDenied, $"no AWS credentials could be had: {failed.Message}", failed);
        }
    }

    private static async Task<Answer> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var expected = (int)Math.Min(response.Content.Headers.ContentLength ?? 0, LargestFirstBuffer);
        var buffer = ArrayPool<byte>.Shared.Rent(expected > 0 ? expected + 1 : FirstBuffer);
        var length = 0;
        try
        {
            using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            int read;
            while ((read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            return new Answer(buffer, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private readonly struct Answer(byte[] buffer, int length) : IDisposable
    {
        public byte[] Buffer => buffer;

        public ReadOnlyMemory<byte> Json => buffer.AsMemory(0, length);

        public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
    }
}

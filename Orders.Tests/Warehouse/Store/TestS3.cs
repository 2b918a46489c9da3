using System.Globalization;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Orders.Engines;
using Orders.Engines.Data;
using Orders.Engines.Npm;
using Orders.Engines.Processes;
using Orders.Tests.Engines;
using Orders.Tests.Warehouse.Store;
using Xunit;

[assembly: AssemblyFixture(typeof(TestS3))]

namespace Orders.Tests.Warehouse.Store;

/// <summary>
/// An S3-compatible server of the whole test run: npm's s3rver, a process of its own, installed and started
/// when the first test asks for a bucket.
/// </summary>
public sealed class TestS3 : IAsyncLifetime
{
    private const string Name = "TestS3Server";
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly Lazy<Task<Server>> _started = new(StartAsync);
    private int _buckets;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A bucket that no other test sees, empty.</summary>
    public async Task<TestBucket> NewBucketAsync()
    {
        var (_, _, address) = await _started.Value;
        var bucket = new TestBucket(string.Create(CultureInfo.InvariantCulture, $"lake-{Interlocked.Increment(ref _buckets)}"), address);
        using var client = bucket.CreateClient();
        await client.PutBucketAsync(bucket.Name);
        return bucket;
    }

    /// <summary>Its address. It starts when nobody has asked yet.</summary>
    public async Task<Uri> AddressAsync() => (await _started.Value).Address;

    public async ValueTask DisposeAsync()
    {
        if (!_started.IsValueCreated || !_started.Value.IsCompletedSuccessfully)
        {
            return;
        }

        var (data, process, _) = await _started.Value;
        await process.DisposeAsync();
        data.Dispose();
    }

    private static async Task<Server> StartAsync()
    {
        var data = await DataFolder.OpenTemporaryAsync(CancellationToken.None);
        try
        {
            var program = await NodeProgram.PrepareAsync(Name, Path.Combine(AppContext.BaseDirectory, "Warehouse", "Store", Name), new EngineOptions(), new Steps(), CancellationToken.None);
            return await Ports.WithFreeAsync(port => StartAsync(program, data, port));
        }
        catch (EngineException failure)
        {
            data.Dispose();
            throw new InvalidOperationException($"{failure.Message}\n{failure.Details}", failure);
        }
    }

    private static async Task<Server> StartAsync(NodeProgram program, DataFolder data, int port)
    {
        var process = await EngineProcess.StartAsync(
            new()
            {
                Name = Name,
                Program = program.Node,
                Arguments = [program.Script],
                Folder = Path.GetDirectoryName(program.Script)!,
                Environment = new Dictionary<string, string>(NodeProgram.Environment, StringComparer.Ordinal)
                {
                    ["PORT"] = port.ToString(CultureInfo.InvariantCulture),
                    ["FOLDER"] = Directory.CreateDirectory(data.In("s3", "objects")).FullName,
                },
            },
            data);
        try
        {
            await process.UntilAsync(token => ListensAsync(port, token), StartBound, CancellationToken.None);
            return new(data, process, new($"http://127.0.0.1:{port}"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private sealed record Server(DataFolder Data, EngineProcess Process, Uri Address);
}

/// <summary>A bucket of the test run's server.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">The server's address.</param>
public sealed record TestBucket(string Name, Uri Address)
{
    /// <summary>A service's settings for a lake in it.</summary>
    public Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Orders:Warehouse:Lake"] = $"s3://{Name}/lake",
        ["AWS_ENDPOINT_URL_S3"] = Address.AbsoluteUri,
        ["AWS_REGION"] = "us-east-1",
    };

    /// <summary>The SDK's client, to look at it from outside.</summary>
    public AmazonS3Client CreateClient() =>
        new(new BasicAWSCredentials("local", "local"), new AmazonS3Config { ServiceURL = Address.AbsoluteUri, AuthenticationRegion = "us-east-1", ForcePathStyle = true });
}

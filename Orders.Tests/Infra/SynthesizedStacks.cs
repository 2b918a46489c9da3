using System.Diagnostics;
using System.Text.Json;
using Amazon.CDK;
using Orders.Infra;
using Orders.Infra.Hosting;
using Orders.Infra.Keys;
using Orders.Infra.Network;
using Orders.Tests.Infra;
using Xunit;

[assembly: AssemblyFixture(typeof(SynthesizedStacks))]

namespace Orders.Tests.Infra;

/// <summary>
/// The stacks that the tests read, synthesized together, once: each synthesis starts Node. Without Node the tests fail, since the stack cannot be
/// deployed without it either.
/// </summary>
public sealed class SynthesizedStacks : IDisposable
{
    /// <summary>A key as a service keeps it.</summary>
    public const string KeyHashText = "sha256:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static readonly ServiceImages Images = new(
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders-api:1",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders-sync:1",
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders-query:1");

    private readonly Lazy<Dictionary<string, JsonDocument>> _templates;
    private readonly string _folder = Directory.CreateTempSubdirectory("orders-infra-").FullName;

    public SynthesizedStacks() => _templates = new(Synthesize);

    /// <summary>How long it took, Node's start included.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The defaults, with services, a certificate and a write key.</summary>
    internal Template Whole => Read("Whole");

    /// <summary>Data that may be lost, no replica, no certificate.</summary>
    internal Template Trial => Read("Trial");

    /// <summary>In a VPC that is there already, with a table that is there too.</summary>
    internal Template Existing => Read("Existing");

    public void Dispose()
    {
        if (_templates.IsValueCreated)
        {
            foreach (var document in _templates.Value.Values)
                document.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private Template Read(string stack) => new(_templates.Value[stack].RootElement);

    private Dictionary<string, JsonDocument> Synthesize()
    {
        var watch = Stopwatch.StartNew();
        var app = new App(new AppProps { Outdir = _folder });
        var arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
        _ = new OrdersServicesStack(app, "Whole", new() { Images = Images, CertificateArn = arn, AlarmEmail = "me@example.com", WriteKey = new KeyHash("shop", KeyHashText) });
        _ = new OrdersServicesStack(app, "Trial", new() { Images = Images, KeepData = false, CacheReplicas = 0, DatabaseReaders = 0, CollectorImage = "registry.example.com/collector:1" });
        _ = new OrdersStack(app, "Existing", new()
        {
            ExistingTable = true,
            TableName = "their-orders",
            Vpc = new ExistingVpc("vpc-0a1b2c3d", ["eu-central-1a", "eu-central-1b"], ["subnet-1", "subnet-2"], ["subnet-3", "subnet-4"], []),
        });
        app.Synth();
        Took = watch.Elapsed;
        return new[] { "Whole", "Trial", "Existing" }.ToDictionary(
            stack => stack, stack => JsonDocument.Parse(File.ReadAllText(Path.Combine(_folder, $"{stack}.template.json"))), StringComparer.Ordinal);
    }
}

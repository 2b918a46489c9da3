using System.Diagnostics;
using Orders.Infra;
using Orders.Tests.Infra;
using Xunit;

[assembly: AssemblyFixture(typeof(SynthesizedStacks))]

namespace Orders.Tests.Infra;

/// <summary>
/// The stacks that the tests read, synthesized once: each synthesis builds its constructs in Node. Without
/// Node the tests fail, since the stack cannot be deployed without it either.
/// </summary>
public sealed class SynthesizedStacks : IDisposable
{
    /// <summary>
    /// The tests that call the CDK themselves are in one collection: one Node serves the process, one call
    /// at a time.
    /// </summary>
    public const string CallsCdk = "Calls the CDK";

    /// <summary>A key as a service keeps it.</summary>
    public const string KeyHashText = "sha256:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    public const string Region = "eu-central-1";
    public const string Certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-0a1b2c3d4e5f";
    public const string OwnRegistry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("orders-infra-").FullName;
    private readonly Lazy<IReadOnlyDictionary<string, SynthesizedStack>> _stacks;

    public SynthesizedStacks() => _stacks = new(Synthesize);

    /// <summary>How long it took, Node's start included.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>
    /// The defaults from the sources, with a certificate, names, a write key, a region, Redshift, and two
    /// tables that SQL owns.
    /// </summary>
    internal SynthesizedStack Whole => _stacks.Value["Whole"];

    /// <summary>
    /// Data that may be lost, no replica, no certificate, three zones, images of a registry.
    /// </summary>
    internal SynthesizedStack Trial => _stacks.Value["Trial"];

    /// <summary>Without the warehouse.</summary>
    internal SynthesizedStack Small => _stacks.Value["Small"];

    /// <summary>
    /// In a VPC that is there already and has no public subnets, with a certificate, and with a table that
    /// is there too.
    /// </summary>
    internal SynthesizedStack Existing => _stacks.Value["Existing"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Dictionary<string, SynthesizedStack> Synthesize()
    {
        var watch = Stopwatch.StartNew();
        string[] images = [$"apiImage={OwnRegistry}/orders-api:1", "syncImage=registry.example.com/sync:2", "queryImage=registry.example.com/query:3", "graphqlImage=registry.example.com/graphql:4", "warehouseImage=registry.example.com/warehouse:5"];
        var stacks = new Dictionary<string, SynthesizedStack>(StringComparer.Ordinal)
        {
            ["Whole"] = Make("Whole", Region, $"certificateArn={Certificate}", "alarmEmail=me@example.com", $"writeKey=shop:{KeyHashText}",
                "apiDomain=api.example.com", "queryDomain=orders.example.com", "graphqlDomain=graphql.example.com", "hostedZoneId=Z1", "hostedZoneName=example.com", "redshift=true", "warehouseSqlTables=merchants,crm.people"),
            ["Trial"] = Make("Trial", region: null, [.. images, "collectorImage=registry.example.com/collector:1", "keepData=false", "cacheReplicas=0", "databaseReaders=0", "zones=3"]),
            ["Small"] = Make("Small", region: null, [.. images[..^1], "collectorImage=registry.example.com/collector:1", "warehouse=false"]),
            ["Existing"] = Make("Existing", Region, [.. images, $"certificateArn={Certificate}", "existingTable=true", "tableName=their-orders", "name=theirs",
                "vpcId=vpc-0a1b2c3d", "vpcCidr=10.30.0.0/16", "vpcZones=eu-central-1a,eu-central-1b", "privateSubnets=subnet-1,subnet-2"]),
        };
        Took = watch.Elapsed;
        return stacks;
    }

    private SynthesizedStack Make(string name, string? region, params IEnumerable<string> parameters)
    {
        var given = Arguments.Read(parameters);
        return new(OrdersApp.Synthesize(Path.Combine(_folder, name), parameter => given.GetValueOrDefault(parameter), region, SourceFolder.Find()));
    }
}

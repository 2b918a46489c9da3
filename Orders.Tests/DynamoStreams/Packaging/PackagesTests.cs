using System.IO.Compression;
using System.Reflection;
using System.Reflection.Metadata;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Packaging;

public sealed class PackagesTests(PackedPackages packages) : IClassFixture<PackedPackages>
{
    // Of portable PDBs: a document's own text.
    private static readonly Guid EmbeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    // As DynamoStreams/Package.props has it, for all three.
    internal static readonly string Version =
        typeof(global::DynamoStreams.StreamConsumer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static TheoryData<string, string[]> Dependencies => new()
    {
        { "DynamoStreams", ["AWSSDK.Core", "AWSSDK.DynamoDBv2", "Microsoft.Extensions.Logging.Abstractions"] },
        { "DynamoStreams.Postgres", ["DynamoStreams", "Npgsql"] },
        { "DynamoStreams.Testing", ["DynamoStreams"] },
    };

    public static TheoryData<string> Names => [.. Dependencies.Select(row => row.Data.Item1)];

    [Fact]
    public void The_consumer_and_what_stands_on_it_are_packages_and_nothing_else_is() => packages.Files.Keys.ShouldBe(
        Names.SelectMany(name => new[] { $"{name.Data}.{Version}.nupkg", $"{name.Data}.{Version}.snupkg" }), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Dependencies))]
    public void It_needs_no_more_than_it_says(string name, string[] dependencies)
    {
        var metadata = Metadata(name);
        Elements(metadata, "dependency").Select(dependency => dependency.Attribute("id")!.Value).ShouldBe(dependencies, ignoreOrder: true);
        Elements(metadata, "group").Select(group => group.Attribute("targetFramework")!.Value).ShouldBe(["net10.0"]);
        Elements(metadata, "frameworkReference").ShouldBeEmpty("no web server");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_says_what_it_is_and_under_which_licence(string name)
    {
        var metadata = Metadata(name);
        Elements(metadata, "id").Single().Value.ShouldBe(name);
        Elements(metadata, "authors").Single().Value.ShouldBe("Orders contributors");
        Elements(metadata, "description").Single().Value.ShouldContain("DynamoDB", Case.Insensitive, "the description");
        Elements(metadata, "tags").Single().Value.Split(' ').ShouldContain("dynamodb-streams");
        var licence = Elements(metadata, "license").Single();
        (licence.Attribute("type")!.Value, licence.Value).ShouldBe(("expression", "MIT"));
        Elements(metadata, "projectUrl").ShouldBeEmpty("there is no page of its own");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_has_its_readme_and_the_documentation_of_its_members(string name)
    {
        using var package = ZipFile.OpenRead(packages.Files[$"{name}.{Version}.nupkg"]);
        var readme = Elements(Metadata(name), "readme").Single().Value;
        Read(package, readme).ShouldStartWith($"# {name}\n");
        Read(package, $"lib/net10.0/{name}.xml").ShouldContain($"T:{name}.");
        package.GetEntry($"lib/net10.0/{name}.dll").ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_symbols_are_a_package_and_hold_the_sources_that_no_repository_has(string name)
    {
        using var symbols = ZipFile.OpenRead(packages.Files[$"{name}.{Version}.snupkg"]);
        using var pdb = new MemoryStream();
        using (var entry = symbols.GetEntry($"lib/net10.0/{name}.pdb").ShouldNotBeNull().Open())
        {
            entry.CopyTo(pdb);
        }

        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        var embedded = reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
            .Where(information => reader.GetGuid(information.Kind) == EmbeddedSource && information.Parent.Kind == HandleKind.Document)
            .Select(information => reader.GetString(reader.GetDocument((DocumentHandle)information.Parent).Name)).ToList();
        embedded.ShouldContain(source => source.EndsWith($"{name}.AssemblyInfo.cs", StringComparison.Ordinal));
        embedded.ShouldNotContain(source => source.EndsWith("StreamConsumer.cs", StringComparison.Ordinal));
    }

    private static IEnumerable<XElement> Elements(XDocument nuspec, string name) => nuspec.Descendants().Where(element => element.Name.LocalName == name);

    private static string Read(ZipArchive package, string path)
    {
        using var reader = new StreamReader(package.GetEntry(path).ShouldNotBeNull(path).Open());
        return reader.ReadToEnd();
    }

    private XDocument Metadata(string name)
    {
        using var package = ZipFile.OpenRead(packages.Files[$"{name}.{Version}.nupkg"]);
        return XDocument.Parse(Read(package, $"{name}.nuspec"));
    }
}

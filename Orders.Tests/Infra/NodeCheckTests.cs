using Orders.Infra;
using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed class NodeCheckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orders-node-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_Node_one_line_says_so() =>
        Should.Throw<StackSettingException>(() => NodeCheck.Run(Only("PATH", $"/nowhere{Path.PathSeparator}{_folder}"))).Message
            .ShouldBe("PATH: The CDK runs in Node, and there is no 'node'. Install Node 20 or later.");

    [Theory]
    [InlineData("node")]
    [InlineData("node.exe")]
    public void Node_is_found_in_any_folder_of_the_path(string file)
    {
        File.WriteAllText(Path.Combine(_folder, file), "");

        Should.NotThrow(() => NodeCheck.Run(Only("PATH", $"/nowhere{Path.PathSeparator}{_folder}")));
    }

    [Fact]
    public void Another_Node_may_be_named_by_its_path()
    {
        File.WriteAllText(Path.Combine(_folder, "node22"), "");

        Should.NotThrow(() => NodeCheck.Run(Only("JSII_NODE", Path.Combine(_folder, "node22"))));
        Should.Throw<StackSettingException>(() => NodeCheck.Run(Only("JSII_NODE", Path.Combine(_folder, "node24"))));
    }

    private static Func<string, string?> Only(string name, string value) => variable => variable == name ? value : null;
}

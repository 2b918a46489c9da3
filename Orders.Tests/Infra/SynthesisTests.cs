using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

public sealed class SynthesisTests(SynthesizedStacks stacks, ITestOutputHelper output)
{
    [Fact]
    public void The_stacks_are_synthesized_without_an_account()
    {
        stacks.Whole.Json.All.Count().ShouldBeInRange(100, 450, "CloudFormation takes 500 resources in a stack");

        output.WriteLine($"Three stacks in {stacks.Took.TotalSeconds:0.0} s.");
    }
}

using Orders.Engines;
using Orders.Engines.Npm;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class NodeProgramTests : IDisposable
{
    private readonly TempFolder _path = new();

    public void Dispose() => _path.Dispose();

    [Fact]
    public async Task A_Node_that_is_too_old_is_told_which_would_do()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a script stands in for Node");
        _path.AddProgram("node", "#!/bin/sh\necho 20.2.0 /usr/bin/node\n");

        var failure = await Should.ThrowAsync<EngineException>(NodeProgram.PrepareAsync(
            "Orders.GraphQL", _path.Path, new EngineOptions { SearchPath = _path.Path }, new Steps(), CancellationToken.None));

        failure.Message.ShouldBe("Node 20.2.0 is too old. Install Node.js 20.3 or later and put it on the PATH.");
    }
}

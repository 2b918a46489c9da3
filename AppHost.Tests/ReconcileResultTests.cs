using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class ReconcileResultTests
{
    [Theory]
    [InlineData("""{"state":"completed","report":{"found":0,"remaining":0}}""", true, "The stores agree.")]
    [InlineData("""{"state":"completed","report":{"found":3,"remaining":3}}""", false, "The stores differ.")]
    [InlineData("""{"state":"stopped","report":null}""", false, "The reconciliation has stopped.")]
    [InlineData("""{"state":"failed","error":"no table","report":null}""", false, "The reconciliation has failed.")]
    public void The_command_succeeds_only_when_the_stores_agree(string status, bool success, string message)
    {
        var result = ReconcileResult.Of(status);

        result.ShouldNotBeNull().Success.ShouldBe(success);
        result.Message.ShouldBe(message);
        result.Data!.Value.ShouldBe(status);
    }

    [Fact]
    public void One_that_runs_has_no_result_yet() => ReconcileResult.Of("""{"state":"running","report":{"remaining":0}}""").ShouldBeNull();
}

using Orders.AppHost.Commands;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Commands;

public sealed class JobsTests
{
    [Theory]
    [InlineData("""{"state":"completed","report":{"found":0,"remaining":0}}""", true, "The stores agree.")]
    [InlineData("""{"state":"completed","report":{"found":3,"remaining":3}}""", false, "The stores differ.")]
    [InlineData("""{"state":"stopped","report":null}""", false, "The reconciliation has stopped.")]
    [InlineData("""{"state":"failed","error":"no table","report":null}""", false, "The reconciliation has failed.")]
    public void A_reconciliation_succeeds_only_when_the_stores_agree(string status, bool success, string message) =>
        Check(Jobs.OfReconcile(status), status, success, message);

    [Theory]
    [InlineData("""{"phase":"completed","broken":0}""", true, "The snapshot is complete.")]
    [InlineData("""{"phase":"completed","broken":2}""", false, "The snapshot is complete but for items that could not be written.")]
    [InlineData("""{"phase":"stopped","broken":0}""", false, "The snapshot was stopped.")]
    public void A_snapshot_succeeds_only_when_every_item_was_written(string progress, bool success, string message) =>
        Check(Jobs.OfSnapshot("snapshot", progress), progress, success, message);

    [Fact]
    public void What_runs_has_no_result_yet()
    {
        Jobs.OfReconcile("""{"state":"running","report":{"remaining":0}}""").ShouldBeNull();
        Jobs.OfSnapshot("snapshot", """{"phase":"scanning","broken":0}""").ShouldBeNull();
    }

    private static void Check(ExecuteCommandResult? result, string data, bool success, string message)
    {
        result.ShouldNotBeNull().Success.ShouldBe(success);
        result.Message.ShouldBe(message);
        result.Data!.Value.ShouldBe(data);
    }
}

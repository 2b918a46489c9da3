using Orders.AppHost.Commands;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Commands;

public sealed class WarehouseOperationsTests
{
    private const string Agrees = """{"days":1,"orders":2,"different_days":[]}""";
    private const string Differs = """{"days":1,"orders":2,"different_days":["2026-01-31 INR"]}""";

    [Theory]
    [InlineData(0, Agrees, "", true, "The log and Postgres agree.")]
    [InlineData(1, Differs, "1 days differ for now ...", false, "The log and Postgres differ.")]
    [InlineData(1, "", "Postgres does not answer.", false, "Postgres does not answer.")]
    [InlineData(1, "warn: something\n", "Postgres does not answer.", false, "Postgres does not answer.")]
    [InlineData(134, "", "", false, "The program ended with exit code 134.")]
    public void A_reconciliation_succeeds_only_when_nothing_differs_and_a_difference_is_told_from_a_failure(int exitCode, string answer, string error, bool success, string message)
    {
        var result = WarehouseOperations.OfReconcile(new(exitCode, $"{answer}\n{error}".Trim(), answer));

        (result.Success, result.Message).ShouldBe((success, message));
        (result.Data?.Value).ShouldBe(answer is Agrees or Differs ? answer : null);
    }

    [Theory]
    [InlineData(0, "2 records are back in the log, 0 stay in the quarantine.", true)]
    [InlineData(1, "Postgres does not answer.", false)]
    public void A_sentence_is_the_message_whether_it_succeeded_or_not(int exitCode, string sentence, bool success)
    {
        var result = WarehouseOperations.OfText(new(exitCode, sentence, success ? sentence : ""));

        (result.Success, result.Message).ShouldBe((success, sentence));
    }
}

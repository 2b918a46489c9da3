using Npgsql;
using Orders.Query.Reading;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ReadModelFaultsTests
{
    [Theory]
    [InlineData(PostgresErrorCodes.UndefinedTable, ReadModelFaults.NotThereYet)]
    [InlineData(PostgresErrorCodes.UndefinedColumn, ReadModelFaults.NotThereYet)]
    [InlineData(PostgresErrorCodes.UndefinedFunction, ReadModelFaults.NotThereYet)]
    [InlineData(PostgresErrorCodes.InsufficientPrivilege, "The read model's database denies this user a right that is needed. Orders that are cached can still be read by id.")]
    [InlineData(PostgresErrorCodes.InvalidPassword, "The read model's database refuses the password. Orders that are cached can still be read by id.")]
    [InlineData(PostgresErrorCodes.SyntaxError, null)]
    public void What_the_database_lacks_is_told_from_a_fault_of_ours(string state, string? answer) =>
        ReadModelFaults.Explain(new PostgresException("no", "ERROR", "ERROR", state)).ShouldBe(answer);
}

using Orders.AppHost.Running;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests.Running;

public sealed class LastErrorTests
{
    [Theory]
    [InlineData("2026-11-30T15:43:57.297Z 2026-11-30 15:43:57.290 UTC [12] FATAL:  incorrect checksum in control file", "FATAL: incorrect checksum in control file")]
    [InlineData("FATAL:  database files are incompatible with server\n2026-11-30 UTC [1] DETAIL:  Made by version 15.", "FATAL: database files are incompatible with server: Made by version 15.")]
    [InlineData("error: not a database\nbye", "error: not a database")]
    [InlineData("fail: Orders.Sync[1]\n      The setting X is missing.\n         at Orders.Sync.Program.Main()", "The setting X is missing.")]
    [InlineData("Unhandled exception. System.IO.IOException: no\n   at Main()", "Unhandled exception. System.IO.IOException: no")]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("", null)]
    public void It_is_the_last_line_that_tells_of_an_error(string log, string? line) => LastError.In(log.Split('\n')).ShouldBe(line);
}

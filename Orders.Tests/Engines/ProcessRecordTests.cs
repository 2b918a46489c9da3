using System.Diagnostics;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class ProcessRecordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_recorded_process_that_outlived_its_starter_is_stopped()
    {
        using var left = StartSleeping();
        new ProcessRecord(_folder.Path).Add(ProcessIdentity.Of(left.Id, "sleep")!);

        var stopped = await new ProcessRecord(_folder.Path).StopLeftoversAsync(CancellationToken.None);

        stopped.ShouldBe(1);
        await left.WaitForExitAsync();
        Directory.EnumerateFiles(_folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task A_stranger_that_has_the_recorded_id_now_is_left_alone(bool startedAtAnotherTime, bool anotherProgram)
    {
        using var stranger = StartSleeping();
        var recorded = ProcessIdentity.Of(stranger.Id, anotherProgram ? "postgres" : "sleep")!;
        if (startedAtAnotherTime)
        {
            recorded = recorded with { StartTime = recorded.StartTime - 1 };
        }

        new ProcessRecord(_folder.Path).Add(recorded);

        var stopped = await new ProcessRecord(_folder.Path).StopLeftoversAsync(CancellationToken.None);

        stopped.ShouldBe(0);
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
        await stranger.WaitForExitAsync();
    }

    [Theory]
    [InlineData("a record of an earlier version")]
    [InlineData("another user")]
    [InlineData("other arguments")]
    public async Task A_process_of_another_user_or_with_other_arguments_is_left_alone(string what)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell them");
        using var stranger = StartSleeping();
        var recorded = ProcessIdentity.Of(stranger.Id, "sleep", mark: "300")!;
        await Eventually.HoldsAsync(() => Task.FromResult(recorded.IsProven()));
        new ProcessRecord(_folder.Path).Add(what switch
        {
            "another user" => recorded with { Uid = recorded.Uid + 1 },
            "other arguments" => recorded with { Mark = "301" },
            _ => recorded with { Uid = null },
        });

        var stopped = await new ProcessRecord(_folder.Path).StopLeftoversAsync(CancellationToken.None);

        stopped.ShouldBe(0);
        stranger.HasExited.ShouldBeFalse();
        stranger.Kill();
        await stranger.WaitForExitAsync();
    }

    [Fact]
    public async Task A_record_that_was_cut_off_stops_nothing_and_no_start()
    {
        await File.WriteAllTextAsync(_folder.In("processes.json"), """[{"pid":1,"sta""");

        (await new ProcessRecord(_folder.Path).StopLeftoversAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public void A_program_name_with_spaces_and_brackets_does_not_confuse_the_reader()
    {
        const string Stat = "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 252962 1000 10 0";

        ProcessIdentity.ParseStat(Stat).ShouldBe((252962L, "a) b (c)"));
        ProcessIdentity.ParseStat(Stat.Replace(") S 1", ") Z 1", StringComparison.Ordinal)).ShouldBeNull("a zombie has ended");
    }

    private static Process StartSleeping()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no sleep there");
        return Process.Start("sleep", ["300"]);
    }
}

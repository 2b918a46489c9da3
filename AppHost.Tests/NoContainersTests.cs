using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Orders.AppHost.Tests;

public sealed class NoContainersTests
{
    [Fact]
    public async Task Without_a_container_runtime_it_ends_with_one_line_that_names_the_way_without()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AppHost.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["ASPIRE_CONTAINER_RUNTIME"] = "no-such-runtime" },
        };
        using var apphost = Process.Start(start)!;
        var said = apphost.StandardError.ReadToEndAsync();
        var output = await apphost.StandardOutput.ReadToEndAsync();
        await apphost.WaitForExitAsync();

        apphost.ExitCode.ShouldBe(1);
        output.ShouldBeEmpty();
        (await said).Trim().ShouldBe(
            "No container runtime answers (no-such-runtime is not installed). Start one, or run everything without containers: dotnet run --project Orders.Local");
    }
}

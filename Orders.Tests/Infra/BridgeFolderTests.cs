using System.Diagnostics;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>The temp folder of the machine, as the program meets it.</summary>
public sealed class BridgeFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orders-temp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("nowhere")]
    [InlineData("file")]
    public async Task A_temp_folder_that_takes_nothing_is_told_in_one_line(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the temp folder has another variable there");
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        var temp = Path.Combine(_folder, name);
        var start = new ProcessStartInfo("dotnet", [typeof(Orders.Infra.OrdersApp).Assembly.Location])
        {
            WorkingDirectory = _folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = temp, ["CDK_OUTDIR"] = _folder, ["DOTNET_EnableDiagnostics"] = "0" },
        };
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), await process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();

        process.ExitCode.ShouldBe(1);
        (await said).ShouldBeEmpty();
        errors.TrimEnd().ShouldNotContain('\n');
        errors.ShouldStartWith($"TMPDIR: The CDK unpacks itself in the temp folder, and {temp}/ takes no folder (");
        errors.TrimEnd().ShouldEndWith("Name one that can be written to.");
    }
}

using System.Globalization;
using Orders.Tests.Engines;
using Orders.Warehouse.Logs;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Logs;

public sealed class ScratchTests
{
    [Fact]
    public void Its_folder_has_a_name_that_nobody_can_foretell_and_is_for_this_user_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");
        var folder = Path.GetDirectoryName(Scratch.NewPath(""))!;

        Path.GetFileName(folder).ShouldStartWith($"orders-warehouse-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-");
        FileModes.Of(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

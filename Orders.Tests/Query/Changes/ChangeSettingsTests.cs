using Orders.ServiceDefaults.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

public sealed class ChangeSettingsTests
{
    [Theory]
    [InlineData("MaxChangeStreams", "0")]
    [InlineData("ChangePingSeconds", "often")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string name, string value)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:orders"] = "Host=127.0.0.1;Port=1" };
        await using var app = QueryService.Build(settings, ($"Orders:Query:{name}", value));

        (await Should.ThrowAsync<SettingsException>(app.StartAsync())).Setting.ShouldBe($"Orders__Query__{name}");
    }
}

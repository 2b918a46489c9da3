using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class ConsoleLogTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("false", false)]
    public async Task An_entry_is_one_line_unless_a_setting_says_otherwise(string? setting, bool singleLine)
    {
        var settings = new Dictionary<string, string?>();
        if (setting is not null)
        {
            settings["Logging:Console:FormatterOptions:SingleLine"] = setting;
        }

        await using var service = await TestService.StartAsync(settings: settings);

        service.App.Services.GetRequiredService<IOptions<SimpleConsoleFormatterOptions>>().Value.SingleLine.ShouldBe(singleLine);
    }
}

using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class NewKeyCommandTests
{
    [Theory]
    [InlineData("new-key", "acme", "*", "orders:write,orders:read,operations")]
    [InlineData("new-key", "acme", "merchant-1,merchant-2", "orders:read")]
    public void What_it_prints_makes_a_service_know_the_key(params string[] arguments)
    {
        var (code, output, _) = Run(arguments);

        code.ShouldBe(0);
        var lines = output.Split('\n', StringSplitOptions.TrimEntries);
        var settings = lines.Where(line => line.StartsWith("Orders__", StringComparison.Ordinal)).Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0].Replace("__N__", "__0__").Replace("__", ":"), string? (pair) => pair[1]);
        var key = lines.Single(line => line.StartsWith("X-Api-Key: ", StringComparison.Ordinal))["X-Api-Key: ".Length..].Split('.', 2);
        var ring = KeySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment: false);
        var caller = ring.Find(new(key[0], key[1])).ShouldNotBeNull().Caller;
        caller.AllMerchants.ShouldBe(arguments[2] == "*");
        caller.Scopes.ShouldBe(arguments[3].Split(','), ignoreOrder: true);
    }

    [Theory]
    [InlineData("new-key")]
    [InlineData("new-key", "acme")]
    [InlineData("new-key", "acme", "*")]
    [InlineData("new-key", "", "*", "operations")]
    [InlineData("new-key", "a", "", "operations")]
    [InlineData("new-key", "--verbose", "*", "operations")]
    [InlineData("new-key", "a.b", "*", "operations")]
    [InlineData("new-key", "a", "*", "orders:everything")]
    [InlineData("new-key", "a", "*", "operations", "more")]
    public void What_it_does_not_understand_it_tells_in_one_line(params string[] arguments)
    {
        var (code, output, errors) = Run(arguments);

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        errors.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    [Fact]
    public void It_tells_how_it_is_used()
    {
        var (code, output, _) = Run(["new-key", "--help"]);

        code.ShouldBe(0);
        output.ShouldStartWith("usage: new-key <id> <merchant,merchant|*> <scope,scope>");
    }

    [Fact]
    public void Other_arguments_are_not_for_it()
    {
        NewKeyCommand.Asked([]).ShouldBeFalse();
        NewKeyCommand.Asked(["--urls", "new-key"]).ShouldBeFalse();
    }

    private static (int Code, string Output, string Errors) Run(string[] arguments)
    {
        NewKeyCommand.Asked(arguments).ShouldBeTrue();
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (NewKeyCommand.Run(arguments, output, errors), output.ToString(), errors.ToString());
    }
}

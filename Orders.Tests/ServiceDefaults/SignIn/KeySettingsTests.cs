using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.SignIn;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class KeySettingsTests
{
    [Fact]
    public void Without_a_key_development_has_foo_bar_for_every_merchant_and_scope()
    {
        var caller = Read([], isDevelopment: true).Find(new("foo", "bar")).ShouldNotBeNull().Caller;

        caller.AllMerchants.ShouldBeTrue();
        caller.MayUse("any").ShouldBeTrue();
        caller.Scopes.ShouldBe(Scopes.All, ignoreOrder: true);
    }

    [Fact]
    public void Without_a_key_nothing_starts_outside_development() =>
        Should.Throw<SettingsException>(() => Read([], isDevelopment: false)).Message.ShouldStartWith("Orders__Keys__0__Id: No key is configured");

    [Fact]
    public void The_local_default_does_not_start_outside_development_even_when_configured()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:0:Id"] = "foo";
        settings["Orders:Keys:0:Hash"] = ApiKeyHash.Of("bar").ToString();

        Should.Throw<SettingsException>(() => Read(settings, isDevelopment: false)).Message.ShouldContain("local default");
        Read(settings, isDevelopment: true).Find(new("foo", "bar")).ShouldNotBeNull();
    }

    [Fact]
    public void The_id_of_the_local_default_is_free_for_a_secret_of_its_own()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:0:Id"] = "foo";

        Read(settings, isDevelopment: false).Find(new("foo", "acme-secret")).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("Id", "", "Orders__Keys__0__Id")]
    [InlineData("Id", "a.b", "Orders__Keys__0__Id")]
    [InlineData("Id", "a:b", "Orders__Keys__0__Id")]
    [InlineData("Id", "ä", "Orders__Keys__0__Id")]
    [InlineData("Hash", "", "Orders__Keys__0__Hash")]
    [InlineData("Hash", "bar", "Orders__Keys__0__Hash")]
    [InlineData("Hash", "sha256:AAAA:BBBB", "Orders__Keys__0__Hash")]
    [InlineData("Hash", "sha512:AAAAAAAAAAAAAAAAAAAAAA==:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "Orders__Keys__0__Hash")]
    [InlineData("Merchants", " , ", "Orders__Keys__0__Merchants")]
    [InlineData("Scopes", "", "Orders__Keys__0__Scopes")]
    [InlineData("Scopes", "orders:read,orders:delete", "Orders__Keys__0__Scopes")]
    public void A_malformed_key_stops_the_start_by_the_settings_name(string member, string value, string setting)
    {
        var settings = TestService.Key();
        settings[$"Orders:Keys:0:{member}"] = value;

        Should.Throw<SettingsException>(() => Read(settings, isDevelopment: true)).Setting.ShouldBe(setting);
    }

    [Fact]
    public void An_over_long_id_stops_the_start()
    {
        var settings = TestService.Key();
        settings["Orders:Keys:0:Id"] = new string('a', 65);

        Should.Throw<SettingsException>(() => Read(settings, isDevelopment: true)).Setting.ShouldBe("Orders__Keys__0__Id");
    }

    [Fact]
    public void Two_keys_of_one_id_stop_the_start()
    {
        var settings = TestService.Key();
        foreach (var (name, value) in TestService.Key())
        {
            settings[name.Replace(":0:", ":1:")] = value;
        }

        Should.Throw<SettingsException>(() => Read(settings, isDevelopment: true)).Message.ShouldContain("'acme' is there more than once");
    }

    [Fact]
    public void Lists_may_be_arrays()
    {
        var settings = TestService.Key();
        settings.Remove("Orders:Keys:0:Merchants");
        settings["Orders:Keys:0:Merchants:0"] = "merchant-1";
        settings["Orders:Keys:0:Merchants:1"] = "merchant-2";

        Read(settings, isDevelopment: false).Find(new("acme", "acme-secret"))!.Caller.Merchants.ShouldBe(["merchant-1", "merchant-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_service_does_not_start_with_a_bad_key()
    {
        var (app, _) = TestService.Build(TestService.Production);
        await using var built = app;

        await Should.ThrowAsync<SettingsException>(() => app.StartAsync());
    }

    private static KeyRing Read(Dictionary<string, string?> settings, bool isDevelopment) =>
        KeySettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isDevelopment);
}

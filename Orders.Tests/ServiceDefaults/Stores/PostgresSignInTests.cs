using Amazon.Runtime;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Stores;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class PostgresSignInTests
{
    // So that a test which waits for what never comes fails instead of hanging.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task With_iam_each_connection_says_a_token_of_its_own_moment()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var listener = new PasswordListener();
        var clock = new SetClock();
        await using var source = Build(clock, ("ConnectionStrings:orders", $"Host=localhost;Port={listener.Port};Username=orders_sync;SSL Mode=Require;GSS Encryption Mode=Disable"));

        foreach (var minute in new[] { 0, 20 })
        {
            clock.Now = new(2026, 11, 20, 12, minute, 0, TimeSpan.Zero);
            var heard = listener.HearAsync(patience.Token);
            _ = await Should.ThrowAsync<NpgsqlException>(() => source.OpenConnectionAsync(patience.Token).AsTask());

            (await heard).ShouldBe(RdsAuthToken.Make("localhost", listener.Port, "orders_sync", "eu-central-1", new ImmutableCredentials("akid", "skid", "session"), clock.Now));
        }
    }

    [Theory]
    [InlineData("Orders:PostgresSignIn", "kerberos", "Orders__PostgresSignIn")]
    [InlineData("ConnectionStrings:orders", "Host=h;Username=u;Password=secret;SSL Mode=VerifyFull", "ConnectionStrings__orders")]
    [InlineData("ConnectionStrings:orders", "Host=h;SSL Mode=VerifyFull", "ConnectionStrings__orders")]
    [InlineData("ConnectionStrings:orders", "Host=h;Username=u", "ConnectionStrings__orders")]
    [InlineData("ConnectionStrings:orders", "Host=h;Username=u;SSL Mode=Prefer", "ConnectionStrings__orders")]
    [InlineData("AWS_REGION", " ", "AWS_REGION")]
    public void What_does_not_suit_iam_stops_the_start_by_its_name(string setting, string value, string name)
    {
        var problem = Should.Throw<SettingsException>(() => Build(TimeProvider.System, (setting, value)));

        problem.Setting.ShouldBe(name);
        problem.Message.ShouldNotContain("secret");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("password")]
    public async Task Without_iam_the_password_is_the_settings_own(string? signIn)
    {
        await using var source = Build(TimeProvider.System, ("Orders:PostgresSignIn", signIn), ("ConnectionStrings:orders", "Host=h;Username=u;Password=p"));

        source.ConnectionString.ShouldContain("Username=u");
    }

    private static NpgsqlDataSource Build(TimeProvider time, params (string Name, string? Value)[] settings)
    {
        var (app, _) = TestService.Build(add: builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Orders:PostgresSignIn"] = "iam",
                ["ConnectionStrings:orders"] = "Host=h;Username=u;SSL Mode=VerifyFull",
                ["AWS_REGION"] = "eu-central-1",
                ["AWS_ACCESS_KEY_ID"] = "akid",
                ["AWS_SECRET_ACCESS_KEY"] = "skid",
                ["AWS_SESSION_TOKEN"] = "session",
            });
            builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));
            builder.Services.AddSingleton(time);
            builder.AddPostgres();
        });
        return app.Services.GetRequiredService<NpgsqlDataSource>();
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

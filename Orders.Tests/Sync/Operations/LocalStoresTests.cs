using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Commands;
using Orders.ServiceDefaults.Settings;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Operations;

public sealed class LocalStoresTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orders-local-stores-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_running_one_is_found_from_a_folder_below()
    {
        using var self = Process.GetCurrentProcess();
        Write(self.Id, TimeProvider.System.GetUtcNow());

        var settings = LocalStores.Find(_folder.CreateSubdirectory("a/b").FullName);

        settings["ConnectionStrings:orders"].ShouldBe("Host=h");
        settings["ConnectionStrings:redis"].ShouldBeNull();
        settings["AWS_ENDPOINT_URL_DYNAMODB_STREAMS"].ShouldBe("http://d");
    }

    [Fact]
    public void One_that_was_killed_is_told_from_one_that_runs()
    {
        Write(int.MaxValue, TimeProvider.System.GetUtcNow());
        Should.Throw<SettingsException>(() => LocalStores.Find(_folder.FullName)).Message.ShouldContain("no longer runs");
    }

    [Fact]
    public void A_later_process_that_was_given_the_same_number_is_not_taken_for_it()
    {
        using var self = Process.GetCurrentProcess();
        Write(self.Id, new DateTimeOffset(self.StartTime) - TimeSpan.FromMinutes(1));
        Should.Throw<SettingsException>(() => LocalStores.Find(_folder.FullName)).Message.ShouldContain("no longer runs");
    }

    [Fact]
    public void None_at_all_and_a_broken_file_are_told_with_the_way_out()
    {
        Should.Throw<SettingsException>(() => LocalStores.Find(_folder.FullName)).Message.ShouldContain("Start AppHost or Orders.Local, or name the stores");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".orders"));
        File.WriteAllText(Path.Combine(_folder.FullName, ".orders", "endpoints.json"), "{");
        Should.Throw<SettingsException>(() => LocalStores.Find(_folder.FullName)).Message.ShouldContain("cannot be read");
    }

    [Theory]
    [InlineData(".orders")]
    [InlineData(".orders/endpoints.json")]
    public void What_another_user_left_is_not_taken(string theirs)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file modes there");
        using var self = Process.GetCurrentProcess();
        Write(self.Id, TimeProvider.System.GetUtcNow());
        OtherUser.Takes(Path.Combine(_folder.FullName, theirs));

        Should.Throw<SettingsException>(() => LocalStores.Find(_folder.CreateSubdirectory("below").FullName)).Message.ShouldContain("belongs to another user");
    }

    [Theory]
    [InlineData("ConnectionStrings:orders")]
    [InlineData("ConnectionStrings:redis")]
    [InlineData("AWS_ENDPOINT_URL_DYNAMODB")]
    public void With_any_store_named_by_settings_none_is_taken_from_the_file(string name)
    {
        LocalStores.AreSet(new ConfigurationBuilder().Build()).ShouldBeFalse();
        LocalStores.AreSet(new ConfigurationBuilder().AddInMemoryCollection([new(name, "x")]).Build()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Development", null, "Host=h")]
    [InlineData("Development", "Host=mine", "Host=mine")]
    [InlineData("Production", null, null)]
    public void A_service_takes_them_in_development_when_no_store_is_set(string environment, string? set, string? used)
    {
        using var self = Process.GetCurrentProcess();
        Write(self.Id, TimeProvider.System.GetUtcNow());
        using var configuration = new ConfigurationManager { ["environment"] = environment, ["ConnectionStrings:orders"] = set };

        LocalStores.AddInDevelopment(configuration, _folder.FullName);

        configuration["ConnectionStrings:orders"].ShouldBe(used);
    }

    [Fact]
    public void A_service_beside_no_running_one_is_left_to_say_what_it_lacks()
    {
        using var configuration = new ConfigurationManager { ["environment"] = "Development" };

        LocalStores.AddInDevelopment(configuration, _folder.FullName);

        configuration["ConnectionStrings:orders"].ShouldBeNull();
    }

    private void Write(int pid, DateTimeOffset startedAt)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, ".orders"));
        File.WriteAllText(
            Path.Combine(_folder.FullName, ".orders", "endpoints.json"),
            $$"""{"pid":{{pid}},"started_at":"{{Orders.Domain.Timestamp.Text(startedAt)}}","postgres":"Host=h","redis":null,"dynamodb":"http://d"}""");
    }
}

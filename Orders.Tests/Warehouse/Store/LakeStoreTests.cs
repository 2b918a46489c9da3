using System.Text;
using Orders.Tests.Engines;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

/// <summary>What every store of the lake does.</summary>
public abstract class LakeStoreTests : IAsyncLifetime
{
    private protected TempFolder Files { get; } = new();

    private protected ILakeStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        Files.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task An_object_is_listed_with_its_size_and_read_back_byte_for_byte()
    {
        var content = Random(3_000_001);

        await PutAsync("orders_changes/day=2026-11-30/0-a b+ü.parquet", content);

        var listed = (await ListAsync("")).ShouldHaveSingleItem();
        listed.Path.ShouldBe("orders_changes/day=2026-11-30/0-a b+ü.parquet");
        listed.Bytes.ShouldBe(content.Length);
        (TimeProvider.System.GetUtcNow() - listed.WrittenAt).Duration().ShouldBeLessThan(TimeSpan.FromHours(1));
        (await GetAsync(listed.Path)).ShouldBe(content);
    }

    [Fact]
    public async Task An_object_may_be_empty()
    {
        await PutAsync("orders_changes/day=2026-11-30/replaced-by-3", []);

        (await ListAsync("")).ShouldHaveSingleItem().Bytes.ShouldBe(0);
        (await GetAsync("orders_changes/day=2026-11-30/replaced-by-3")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_object_of_one_name_takes_the_place_of_the_first()
    {
        await PutAsync("a/b", Random(500_000));
        await PutAsync("a/b", "short"u8.ToArray());

        (await ListAsync("")).ShouldHaveSingleItem().Bytes.ShouldBe(5);
        Encoding.UTF8.GetString((await GetAsync("a/b"))!).ShouldBe("short");
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_no_failure_and_changes_no_file()
    {
        await PutAsync("a/b", [1]);
        await File.WriteAllTextAsync(Files.In("kept"), "as before");

        (await Store.GetAsync("a/c", Files.In("kept"), CancellationToken.None)).ShouldBeFalse();
        (await Store.GetAsync("c/d/e", Files.In("new"), CancellationToken.None)).ShouldBeFalse();

        (await File.ReadAllTextAsync(Files.In("kept"))).ShouldBe("as before");
        Directory.GetFiles(Files.Path).Select(Path.GetFileName).ShouldBe(["content", "kept"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_prefix_is_compared_by_characters()
    {
        foreach (var path in (string[])["a/day=1/x", "a/day=12/y", "a/day=2/z", "ab/day=1/x", "b"])
        {
            await PutAsync(path, [1]);
        }

        (await PathsAsync("a/day=1")).ShouldBe(["a/day=1/x", "a/day=12/y"], ignoreOrder: true);
        (await PathsAsync("a/")).ShouldBe(["a/day=1/x", "a/day=12/y", "a/day=2/z"], ignoreOrder: true);
        (await PathsAsync("a")).Count.ShouldBe(4);
        (await PathsAsync("")).Count.ShouldBe(5);
        (await PathsAsync("c/d")).ShouldBeEmpty();
    }

    [Fact]
    public async Task More_objects_than_fit_into_one_request_are_listed_and_deleted()
    {
        const int Many = 1_100;
        await File.WriteAllBytesAsync(Files.In("content"), [1]);
        await Parallel.ForAsync(0, Many, async (number, token) => await Store.PutAsync($"a/{number}", Files.In("content"), token));
        await PutAsync("b", [1]);

        (await PathsAsync("")).Distinct().Count().ShouldBe(Many + 1);
        await Store.DeleteAsync([.. Enumerable.Range(0, Many + 5).Select(number => $"a/{number}"), "none/of/it"], CancellationToken.None);

        (await PathsAsync("")).ShouldBe(["b"]);
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("a/../../out")]
    [InlineData("/etc/out")]
    [InlineData("a//b")]
    [InlineData("a/./b")]
    [InlineData("a\\b")]
    [InlineData("")]
    public async Task A_name_that_leads_out_of_the_lake_is_refused(string path)
    {
        (await Should.ThrowAsync<LakeException>(() => PutAsync(path, [1]))).IsSetup.ShouldBeTrue();
        await Should.ThrowAsync<LakeException>(() => Store.GetAsync(path, Files.In("out"), CancellationToken.None));
        var refused = await Should.ThrowAsync<LakeException>(() => Store.DeleteAsync([path], CancellationToken.None));

        refused.Message.ShouldContain($"'{path}' is not a path in the lake");
        (await PathsAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_put_that_is_cancelled_leaves_the_object_as_before()
    {
        await PutAsync("a/b", [1, 2]);
        await File.WriteAllBytesAsync(Files.In("content"), Random(1_000_000));
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Store.PutAsync("a/b", Files.In("content"), stop.Token));

        (await GetAsync("a/b")).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task The_check_at_the_start_leaves_nothing_but_what_was_there()
    {
        await PutAsync("a/b", [1]);

        await Store.CheckAsync(CancellationToken.None);

        (await PathsAsync("")).ShouldBe(["a/b"]);
    }

    private protected abstract Task<ILakeStore> CreateAsync();

    private protected static byte[] Random(int bytes)
    {
        var content = new byte[bytes];
        new Random(bytes).NextBytes(content);
        return content;
    }

    private protected async Task PutAsync(string path, byte[] content)
    {
        await File.WriteAllBytesAsync(Files.In("content"), content);
        await Store.PutAsync(path, Files.In("content"), CancellationToken.None);
    }

    private protected async Task<byte[]?> GetAsync(string path) =>
        await Store.GetAsync(path, Files.In("got"), CancellationToken.None) ? await File.ReadAllBytesAsync(Files.In("got")) : null;

    private protected async Task<List<LakeObject>> ListAsync(string prefix)
    {
        List<LakeObject> all = [];
        await foreach (var each in Store.ListAsync(prefix, CancellationToken.None))
        {
            all.Add(each);
        }

        return all;
    }

    private protected async Task<List<string>> PathsAsync(string prefix) => [.. (await ListAsync(prefix)).Select(each => each.Path)];
}

using Orders.Warehouse.Settings;
using Orders.Warehouse.Store;
using Shouldly;
using Xunit;

namespace Orders.Tests.Warehouse.Store;

/// <summary>A lake in S3: the contract, and what goes wrong on the way.</summary>
public sealed class S3LakeTests(TestS3 s3) : LakeStoreTests
{
    private const int FewRetries = 1;
    private static readonly S3Limits Quick = new() { Retries = 3, Pause = TimeSpan.FromMilliseconds(1), Stall = TimeSpan.FromMilliseconds(300), PartBytes = 5 * 1024 * 1024 };

    private TestBucket _bucket = null!;
    private FaultyS3 _way = null!;

    public override async ValueTask DisposeAsync()
    {
        (Store as IDisposable)?.Dispose();
        await _way.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Its_name_is_its_address_and_keys_begin_with_the_prefix()
    {
        await PutAsync("a/b", [1]);

        Store.Name.ShouldBe($"s3://{_bucket.Name}/lake");
        Store.Folder.ShouldBeNull();
        using var client = _bucket.CreateClient();
        (await client.ListObjectsV2Async(new() { BucketName = _bucket.Name })).S3Objects.ShouldHaveSingleItem().Key.ShouldBe("lake/a/b");
    }

    [Fact]
    public async Task A_large_object_goes_in_parts_and_comes_back_whole()
    {
        var content = Random((12 * 1024 * 1024) + 7);
        _way.Next("PUT", S3Fault.SlowDown, S3Fault.CutRequest);

        await PutAsync("large", content);

        _way.Count("PUT").ShouldBe(3 + 2);
        _way.Count("POST").ShouldBe(2);
        (await GetAsync("large")).ShouldBe(content);
    }

    [Fact]
    public async Task An_upload_that_S3_does_not_know_any_more_begins_again()
    {
        var content = Random((12 * 1024 * 1024) + 7);
        _way.Next("POST", S3Fault.None, S3Fault.NoSuchUpload);

        await PutAsync("large", content);

        _way.Count("POST").ShouldBe(4);
        (await GetAsync("large")).ShouldBe(content);
    }

    [Fact]
    public async Task Deletions_go_a_thousand_at_a_time()
    {
        await Store.DeleteAsync([.. Enumerable.Range(0, 2_001).Select(number => $"a/{number}")], CancellationToken.None);

        _way.Count("POST").ShouldBe(3);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        _way.Next("PUT", S3Fault.SlowDown, S3Fault.SlowDown);
        await PutAsync("a", [1, 2, 3]);
        _way.Next("GET", S3Fault.SlowDown, S3Fault.LostAnswer);
        (await GetAsync("a")).ShouldBe([1, 2, 3]);
        _way.Next("GET", S3Fault.SlowDown);
        (await PathsAsync("")).ShouldBe(["a"]);
        _way.Next("POST", S3Fault.SlowDown);
        await Store.DeleteAsync(["a"], CancellationToken.None);

        (await PathsAsync("")).ShouldBeEmpty();
        _way.Count("PUT").ShouldBe(3);
    }

    [Fact]
    public async Task A_server_that_stays_busy_is_a_failure_that_may_pass()
    {
        using var lake = Create(_way.Address, Quick with { Retries = FewRetries });
        await File.WriteAllBytesAsync(Files.In("content"), [1]);
        _way.Always = ("PUT", S3Fault.SlowDown);

        var failure = await Should.ThrowAsync<LakeException>(() => lake.PutAsync("a", Files.In("content"), CancellationToken.None));

        failure.IsSetup.ShouldBeFalse();
        failure.Message.ShouldContain("SlowDown");
        failure.Message.ShouldContain("Orders__Warehouse__Lake");
        _way.Count("PUT").ShouldBe(FewRetries + 1);
    }

    [Theory]
    [InlineData((int)S3Fault.CutAnswer)]
    [InlineData((int)S3Fault.StalledAnswer)]
    public async Task A_body_that_ends_in_the_middle_is_asked_for_again(int fault)
    {
        var content = Random(1_000_000);
        await PutAsync("a", content);
        _way.Next("GET", (S3Fault)fault, (S3Fault)fault);

        (await GetAsync("a")).ShouldBe(content);

        _way.Count("GET").ShouldBe(3);
    }

    [Theory]
    [InlineData((int)S3Fault.CutAnswer)]
    [InlineData((int)S3Fault.StalledAnswer)]
    public async Task A_body_that_always_ends_in_the_middle_never_becomes_a_file(int fault)
    {
        await PutAsync("a", Random(1_000_000));
        _way.Always = ("GET", (S3Fault)fault);

        var failure = await Should.ThrowAsync<LakeException>(() => GetAsync("a"));

        failure.IsSetup.ShouldBeFalse();
        Directory.GetFiles(Files.Path).Select(Path.GetFileName).ShouldBe(["content"]);
    }

    [Fact]
    public async Task A_body_that_is_cut_on_its_way_there_is_sent_again()
    {
        var content = Random(1_000_000);
        _way.Next("PUT", S3Fault.CutRequest, S3Fault.CutRequest);

        await PutAsync("a", content);

        (await GetAsync("a")).ShouldBe(content);
        _way.Count("PUT").ShouldBe(3);
    }

    [Theory]
    [InlineData((int)S3Fault.CutRequest, "cut")]
    [InlineData((int)S3Fault.DamagedRequest, "BadDigest")]
    public async Task A_body_that_never_arrives_as_it_was_leaves_the_object_as_before(int fault, string says)
    {
        await PutAsync("a", [1, 2, 3]);
        _way.Always = ("PUT", (S3Fault)fault);

        var failure = await Should.ThrowAsync<LakeException>(() => PutAsync("a", Random(1_000_000)));

        failure.IsSetup.ShouldBeFalse();
        failure.Message.ShouldContain(says);
        (await GetAsync("a")).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_part_that_is_damaged_on_its_way_is_refused()
    {
        _way.Next("PUT", S3Fault.None, S3Fault.DamagedRequest);

        (await Should.ThrowAsync<LakeException>(() => PutAsync("large", Random(12 * 1024 * 1024)))).Message.ShouldContain("BadDigest");

        (await PathsAsync("")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure_that_may_pass_and_its_setting_is_named()
    {
        var address = _way.Address;
        await _way.DisposeAsync();

        var failure = await Should.ThrowAsync<LakeException>(() => Store.CheckAsync(CancellationToken.None));

        failure.IsSetup.ShouldBeFalse();
        failure.Message.ShouldContain($"S3 at {address} cannot be reached");
        failure.Message.ShouldContain("AWS_ENDPOINT_URL_S3");
        failure.Message.ShouldContain("Orders__Warehouse__Lake");
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_for_an_operator()
    {
        using var lake = new S3Lake(new("no-such-bucket", ""), SettingsOf(_way.Address), Quick, TimeProvider.System);

        var failure = await Should.ThrowAsync<LakeException>(() => lake.CheckAsync(CancellationToken.None));

        failure.IsSetup.ShouldBeTrue();
        failure.Message.ShouldBe(
            $"S3 at {_way.Address} has no bucket 'no-such-bucket'. Create it (aws s3 mb s3://no-such-bucket), or let Orders__Warehouse__Lake name another one.");
        (await Should.ThrowAsync<LakeException>(() => lake.GetAsync("a", Files.In("a"), CancellationToken.None))).IsSetup.ShouldBeTrue();
    }

    [Fact]
    public async Task Credentials_that_S3_does_not_know_are_for_an_operator()
    {
        var settings = SettingsOf(_bucket.Address, ("AWS_ACCESS_KEY_ID", "nobody"), ("AWS_SECRET_ACCESS_KEY", "secret"));
        using var lake = new S3Lake(new(_bucket.Name, ""), settings, Quick, TimeProvider.System);

        var failure = await Should.ThrowAsync<LakeException>(() => lake.CheckAsync(CancellationToken.None));

        failure.IsSetup.ShouldBeTrue();
        failure.Message.ShouldContain("refuses these AWS credentials (InvalidAccessKeyId). Correct AWS_ACCESS_KEY_ID");
        failure.Message.ShouldNotContain("secret.");
    }

    [Theory]
    [InlineData("PUT", (int)S3Fault.AccessDenied, "s3:PutObject")]
    [InlineData("GET", (int)S3Fault.AccessDenied, "s3:ListBucket")]
    [InlineData("POST", (int)S3Fault.DeletionsDenied, "s3:DeleteObject")]
    [InlineData("PUT", (int)S3Fault.Full, "Free space there")]
    public async Task What_only_an_operator_can_mend_is_told_at_the_start(string method, int fault, string wayOut)
    {
        _way.Always = (method, (S3Fault)fault);
        using var lake = Create(_way.Address, Quick with { Retries = 0 });

        var failure = await Should.ThrowAsync<LakeException>(() => lake.CheckAsync(CancellationToken.None));

        failure.IsSetup.ShouldBeTrue();
        failure.Message.ShouldContain(wayOut);
        failure.Message.ShouldContain("Orders__Warehouse__Lake");
    }

    private protected override async Task<ILakeStore> CreateAsync()
    {
        _bucket = await s3.NewBucketAsync();
        _way = await FaultyS3.StartAsync(_bucket.Address);
        return Create(_way.Address, Quick);
    }

    private S3Lake Create(Uri address, S3Limits limits) => new(LakeAddress.Parse($"s3://{_bucket.Name}/lake")!, SettingsOf(address), limits, TimeProvider.System);

    private S3Settings SettingsOf(Uri address, params (string Name, string Value)[] more) => LakeSettingsTests.Read([.. _bucket.Settings.Select(each => (each.Key, each.Value)), ("AWS_ENDPOINT_URL_S3", address.AbsoluteUri), .. more]);
}

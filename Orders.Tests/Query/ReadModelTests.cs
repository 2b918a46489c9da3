using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orders.Query.Reading;
using Orders.Tests.ServiceDefaults;
using Shouldly;
using Xunit;

namespace Orders.Tests.Query;

/// <summary>How long a read takes at the most, and how many run at once. The test turns the clock.</summary>
public sealed class ReadModelTests(QueryFixture fixture) : IClassFixture<QueryFixture>, IDisposable
{
    private const int AtOnce = 3;
    private static readonly TimeSpan ALittle = TimeSpan.FromMilliseconds(1);

    private readonly TurnedTime _time = new();
    private readonly NpgsqlDataSource _postgres =
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(fixture.Stores.Settings["ConnectionStrings:orders"]) { MaxPoolSize = AtOnce + 2 });

    private readonly TaskCompletionSource<int> _never = new();
    private int _running;

    public void Dispose()
    {
        _never.TrySetResult(0);
        _postgres.Dispose();
    }

    [Fact]
    public async Task A_read_without_an_answer_ends_at_the_limit_and_not_before()
    {
        using var readModel = Make();
        var read = readModel.ReadAsync(NeverAsync, CancellationToken.None);
        await RunningAsync(1);

        _time.Advance(ReadModel.LookLimit - ALittle);
        read.IsCompleted.ShouldBeFalse();
        _time.Advance(ALittle);

        await Should.ThrowAsync<ReadModelAwayException>(read);
    }

    [Fact]
    public async Task The_others_stand_in_line_and_their_time_counts_from_there()
    {
        using var readModel = Make();
        var first = Enumerable.Range(0, AtOnce).Select(_ => readModel.ReadAsync(NeverAsync, CancellationToken.None)).ToList();
        await RunningAsync(AtOnce);
        var inLine = Enumerable.Range(0, 1_000).Select(_ => readModel.ReadAsync(NeverAsync, CancellationToken.None)).ToList();

        _time.Advance(ReadModel.LookLimit);

        foreach (var read in first.Concat(inLine))
        {
            await Should.ThrowAsync<ReadModelAwayException>(read);
        }

        _running.ShouldBe(AtOnce);
    }

    [Fact]
    public async Task Who_stands_in_line_is_read_for_as_soon_as_there_is_a_place()
    {
        using var readModel = Make();
        var first = Enumerable.Range(0, AtOnce).Select(_ => readModel.ReadAsync(NeverAsync, CancellationToken.None)).ToList();
        await RunningAsync(AtOnce);
        var inLine = Enumerable.Range(0, 1_000).Select(number => readModel.ReadAsync((_, _) => Task.FromResult(number), CancellationToken.None)).ToList();

        _never.SetResult(0);

        await Task.WhenAll(first);
        (await Task.WhenAll(inLine)).ShouldBe(Enumerable.Range(0, 1_000));
    }

    [Fact]
    public async Task A_caller_who_leaves_is_let_go_and_the_read_is_not_cancelled()
    {
        using var readModel = Make();
        using var caller = new CancellationTokenSource();
        var token = CancellationToken.None;
        var read = readModel.ReadAsync((connection, given) => NeverAsync(connection, token = given), caller.Token);
        await RunningAsync(1);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(read);
        token.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_slow_read_beside_a_Postgres_that_answers_ends_alone()
    {
        using var readModel = Make();
        var slow = readModel.ReadAsync(NeverAsync, CancellationToken.None);
        await RunningAsync(1);
        _time.Advance(ReadModel.LookLimit);
        await Should.ThrowAsync<ReadModelAwayException>(slow);

        for (var i = 0; i < 20; i++)
        {
            (await readModel.ReadAsync((_, _) => Task.FromResult(i), CancellationToken.None)).ShouldBe(i);
        }
    }

    [Fact]
    public async Task While_Postgres_is_frozen_nothing_is_asked_and_one_probe_finds_it_again()
    {
        await using var postgres = await OwnPostgres.StartAsync();
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        using var readModel = new ReadModel(source, readsAtOnce: 32, TimeProvider.System, NullLogger<ReadModel>.Instance);
        (await readModel.ReadAsync(AskAsync, CancellationToken.None)).ShouldBe(1);
        await postgres.FreezeAsync();

        // What is asked after the breaker opened does not even begin.
        await Eventually.HoldsAsync(async () =>
        {
            var before = Volatile.Read(ref _running);
            await Should.ThrowAsync<ReadModelAwayException>(() => readModel.ReadAsync(CountedAsync, CancellationToken.None));
            return Volatile.Read(ref _running) == before;
        });
        var begun = _running;
        foreach (var read in Enumerable.Range(0, 1_000).Select(_ => readModel.ReadAsync(CountedAsync, CancellationToken.None)).ToList())
        {
            await Should.ThrowAsync<ReadModelAwayException>(read);
        }

        _running.ShouldBe(begun);

        postgres.Thaw();
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                return await readModel.ReadAsync(AskAsync, CancellationToken.None) == 1;
            }
            catch (ReadModelAwayException)
            {
                return false;
            }
        });
    }

    private ReadModel Make() => new(_postgres, readsAtOnce: 32, _time, NullLogger<ReadModel>.Instance);

    private Task RunningAsync(int reads) => Eventually.HoldsAsync(() => Task.FromResult(Volatile.Read(ref _running) == reads));

    private Task<int> NeverAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        return _never.Task;
    }

    private Task<int> CountedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _running);
        return AskAsync(connection, cancellationToken);
    }

    private static async Task<int> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

using Amazon;
using Microsoft.Extensions.Logging.Abstractions;
using Orders.Api.ChangeStatus;
using Orders.Api.Delete;
using Orders.Api.Place;
using Orders.Api.Store;
using Orders.Domain;
using Orders.ServiceDefaults.SignIn;
using Orders.ServiceDefaults.Stores;
using Orders.Tests.Simulation.Machinery;

namespace Orders.Tests.Simulation.Writers;

/// <summary>
/// An instance of Orders.Api with a client that asks one thing after another. The writes with their
/// conditions, repetitions and marks are the product's; the endpoints around them, which read and try again,
/// are modelled step by step.
/// </summary>
internal sealed class ApiClient
{
    private const int Tries = 5;
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    private readonly World _world;
    private readonly ProcessTime _time;
    private readonly OrderFinder _finder;
    private readonly OrderWriter _placer;
    private readonly StatusWriter _writer;
    private readonly OrderDeleter _deleter;
    private string _request = "";

    public ApiClient(World world, string name)
    {
        _world = world;
        Process = world.Fork(name);
        _time = new ProcessTime(Process, world.Queue);
        ToTable = new Link(world, world.Table, TimeSpan.FromSeconds(1), how => new HttpRequestException($"simulated: {how}"));
        Garbled = new GarbledAnswers(world);
        var settings = new DynamoDbSettings("orders", null, null, RegionEndpoint.USEast1, null);
        var dynamo = TableProxy.Create(world, ToTable, Garbled, () => _request);
        var writes = new ConditionalWrites(_time, NullLogger<ConditionalWrites>.Instance, world.Random.NextDouble);
        var items = new ItemReader(dynamo, settings);
        _finder = new OrderFinder(items);
        _placer = new OrderWriter(dynamo, settings, writes);
        _writer = new StatusWriter(dynamo, settings, writes, items);
        _deleter = new OrderDeleter(dynamo, settings, writes, _time);
    }

    public SimulatedProcess Process { get; }

    public Link ToTable { get; }

    /// <summary>What comes instead of the table's answers.</summary>
    public GarbledAnswers Garbled { get; }

    /// <summary>Whether a request is under way.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Places an order.</summary>
    public Task PlaceAsync(Order order) => AnswerAsync(order.OrderId, null, async token =>
    {
        await _placer.PutAsync(order, token);
        return WriteAnswer.Done;
    });

    /// <summary>Changes an order's status.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="ifMatch">The version that it must have; null for any.</param>
    /// <param name="status">The status.</param>
    public Task ChangeAsync(Guid orderId, long? ifMatch, OrderStatus status) => AnswerAsync(orderId, ifMatch, token => ReadAndTryAsync(orderId, ifMatch, async stored =>
    {
        if (stored.Order.Status == status)
        {
            return WriteAnswer.Done;
        }

        if (!stored.Order.Status.MayBecome(status))
        {
            return WriteAnswer.Forbidden;
        }

        return await _writer.TryWriteAsync(stored, stored.Order.To(status, _time.GetUtcNow(), traceParent: null), token) ? WriteAnswer.Done : null;
    }, token));

    /// <summary>Deletes an order.</summary>
    public Task DeleteAsync(Guid orderId, long? ifMatch) => AnswerAsync(orderId, ifMatch, async token =>
        ifMatch is null
            ? await _deleter.TryDeleteAsync(orderId, Everyone, token) ? WriteAnswer.Done : WriteAnswer.NotFound
            : await ReadAndTryAsync(orderId, ifMatch, async stored => await _deleter.TryDeleteAsync(stored.Order, token) ? WriteAnswer.Done : null, token));

    private static Caller Everyone { get; } = new("simulation", [Caller.EveryMerchant], []);

    private async Task<WriteAnswer> ReadAndTryAsync(Guid orderId, long? ifMatch, Func<MarkedOrder, Task<WriteAnswer?>> tryAsync, CancellationToken cancellationToken)
    {
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await _finder.FindAsync(orderId, cancellationToken) is not { } stored)
            {
                return WriteAnswer.NotFound;
            }

            if (ifMatch is not null && stored.Order.Version != ifMatch)
            {
                return WriteAnswer.Stale;
            }

            if (await tryAsync(stored) is { } answer)
            {
                return answer;
            }

            await Backoff.WaitAsync(tries, _time, cancellationToken, _world.Random.NextDouble());
        }

        return WriteAnswer.Unavailable;
    }

    private async Task AnswerAsync(Guid orderId, long? ifMatch, Func<CancellationToken, Task<WriteAnswer>> serve)
    {
        var request = _world.Auditor.Writes.Begin(Process.Name, orderId, ifMatch);
        (_request, IsAsking) = (request.Name, true);
        using var limit = new CancellationTokenSource(RequestLimit, _time);
        try
        {
            _world.Auditor.Writes.End(request, await serve(limit.Token));
        }
        catch (StoreException failure) when (!_world.Lacks(Repair.UnreadableAnswers) || !GarbledAnswers.Is(failure.InnerException))
        {
            _world.Auditor.Writes.End(request, failure.MayBeCarriedOut ? WriteAnswer.Uncertain : WriteAnswer.Unavailable);
        }
        catch (Exception failure)
        {
            _world.Auditor.Writes.Fail(request, failure);
        }
        finally
        {
            IsAsking = false;
        }
    }
}

using System.Net;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

/// <summary>
/// Clients write to the same orders while the wire to the store cuts and answers nonsense at random, before
/// and after the store has done its work. Afterwards every answer is held against the table's stream.
/// </summary>
public sealed class CutWiresTests(TestEngines engines) : FaultyStoreTests(engines)
{
    private const int Clients = 8;
    private const int RequestsOfEach = 60;
    private const double Faults = 0.35;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_answer_is_true(int seed)
    {
        var wire = new Random(seed);
        Dynamo.Before = _ => Task.FromResult(Fault(wire, Faults / 2));
        Dynamo.After = (_, answer) => Fault(wire, Faults / 2) ?? answer;
        var load = new WriteLoad(Api.Client);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => load.RunAsync(new Random((seed * 100) + client), RequestsOfEach)));

        Dynamo.Before = _ => Task.FromResult<DynamoAnswer?>(null);
        Dynamo.After = (_, answer) => answer;
        var audit = new WriteAudit(load.Answers, await TableStream.ReadAsync(Stores));
        audit.Faults().ShouldBeEmpty();
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed])
        {
            load.Answers.ShouldContain(answer => answer.Status == status);
        }
    }

    private static DynamoAnswer? Fault(Random random, double rate)
    {
        lock (random)
        {
            return random.NextDouble() >= rate ? null : random.Next(4) switch
            {
                0 or 1 => DynamoAnswer.Cut,
                2 => DynamoAnswer.InternalError,
                _ => new(200, "<html>"),
            };
        }
    }
}

using Orders.Tests.Api.Store;
using Orders.Tests.Engines;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Consuming;

/// <summary>
/// Whatever keeps the stream from being read, everything that tells how current the reads are tells it, on
/// each instance; and takes it back when it is over.
/// </summary>
public sealed class StreamTroubleTests(StreamTroubleTests.Shared shared) : IClassFixture<StreamTroubleTests.Shared>
{
    private static readonly Dictionary<string, (Action<TroubledSystem> Begin, Action<TroubledSystem> End)> Troubles = new(StringComparer.Ordinal)
    {
        ["denied"] = Wire(trouble => trouble.Deny("GetRecords")),
        ["denied, all of it"] = Wire(trouble => trouble.Deny(null)),
        ["denied, the engine's shard alone"] = Wire(trouble => trouble.Deny("GetRecords", ofOther: false)),
        ["denied, the other shard alone"] = Wire(trouble => trouble.Deny("GetRecords", ofOther: true)),
        ["hangs"] = Wire(trouble => trouble.Hang()),
        ["throttled"] = Answer(DynamoAnswer.Throttled),
        ["broken"] = Answer(DynamoAnswer.InternalError),
        ["garbled, an object"] = Answer(DynamoAnswer.Ok()),
        ["garbled, HTML"] = Answer(DynamoAnswer.Ok("<html>please sign in</html>")),
        ["garbled, a half"] = Answer(DynamoAnswer.Ok("""{"Records":[{"eventID":""")),
        ["garbled, no next iterator"] = Answer(DynamoAnswer.Ok("""{"Records":[]}""")),
        ["garbled, a record that is none"] = Answer(DynamoAnswer.Ok("""{"Records":[{"eventID":"1","dynamodb":{"SequenceNumber":"999999"}}],"NextShardIterator":"next"}""")),
        ["cut off"] = Answer(DynamoAnswer.Cut),
        ["unreachable"] = (system => system.Gate.Shut(), system => system.Gate.Open()),
        ["silent"] = (system => system.Gate.Stall(), system => system.Gate.Resume()),
    };

    // One of each sort; ORDERS_TROUBLES=all takes all of them, which is minutes.
    private static readonly string[] Usual = ["denied", "denied, the other shard alone", "hangs", "garbled, no next iterator", "silent"];

    public static TheoryData<string> Names => [.. IsFull ? Troubles.Keys.ToArray() : Usual];

    internal static bool IsFull => Environment.GetEnvironmentVariable("ORDERS_TROUBLES") == "all";

    [Theory]
    [MemberData(nameof(Names))]
    public async Task All_of_them_tell(string trouble)
    {
        var system = shared.System;
        await system.CurrentAsync();
        Troubles[trouble].Begin(system);
        try
        {
            // What was answered before is over a moment later; and no writer's clock hides anything.
            await Task.Delay(500, TestContext.Current.CancellationToken);
            var since = TimeProvider.System.GetUtcNow();
            var order = await system.PutAsync(updatedAt: since.AddYears(30));

            await system.BehindAsync(since, seconds: 3);
            if (trouble != "denied, the other shard alone")
            {
                (await system.IsReadableAsync(order)).ShouldBeFalse();
            }
        }
        finally
        {
            Troubles[trouble].End(system);
        }

        await system.CurrentAsync();
    }

    private static (Action<TroubledSystem>, Action<TroubledSystem>) Wire(Action<StreamTrouble> begin) => (system => begin(system.Trouble), system => system.Trouble.End());

    private static (Action<TroubledSystem>, Action<TroubledSystem>) Answer(DynamoAnswer answer) => Wire(trouble => trouble.Answer("GetRecords", ofOther: null, answer));

    /// <summary>The system that all of them are tried on.</summary>
    public sealed class Shared(TestEngines engines) : IAsyncLifetime
    {
        internal TroubledSystem System { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            System = await TroubledSystem.StartAsync(engines, ("Sync:Readiness:StalledAfterSeconds", "3"), ("Orders:Query:LagThresholdSeconds", "3"));

        public ValueTask DisposeAsync() => System.DisposeAsync();
    }
}

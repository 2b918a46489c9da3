namespace DynamoStreams.Applying;

/// <summary>The bounds of a shard's batches.</summary>
/// <param name="Records">Records in a batch; one page more may be added.</param>
/// <param name="Age">How long the first record may wait for others.</param>
/// <param name="StopGrace">How long the current batch may continue after its shard is told to stop.</param>
internal sealed record BatchBounds(int Records, TimeSpan Age, TimeSpan StopGrace);

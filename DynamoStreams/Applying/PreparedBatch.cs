namespace DynamoStreams.Applying;

/// <summary>
/// Applies the batch that it was made of, all of it or nothing. Called again after a failure that passes.
/// </summary>
/// <param name="cancellationToken">Stops applying.</param>
public delegate Task PreparedBatch(CancellationToken cancellationToken);

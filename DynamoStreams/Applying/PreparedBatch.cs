namespace DynamoStreams.Applying;

/// <summary>
/// Applies the prepared batch, all of it or nothing. Called again after a transient failure.
/// </summary>
/// <param name="cancellationToken">Stops applying.</param>
public delegate Task PreparedBatch(CancellationToken cancellationToken);

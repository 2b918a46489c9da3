namespace Orders.Bench.Http;

/// <summary>What a load came to.</summary>
/// <param name="Rate">Answers a second.</param>
/// <param name="P99">99 in 100 answers came within that many microseconds.</param>
/// <param name="BytesPerRequest">Managed memory that the whole process allocated for a request.</param>
/// <param name="Requests">All that were answered, those that do not count for the other figures too.</param>
internal sealed record LoadResult(double Rate, double P99, double BytesPerRequest, long Requests);

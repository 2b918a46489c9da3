namespace Orders.Bench.Http;

/// <summary>The result of a load.</summary>
/// <param name="Rate">Responses a second.</param>
/// <param name="P99">The 99th percentile of the response time in microseconds.</param>
/// <param name="BytesPerRequest">Managed memory that the whole process allocated per request.</param>
/// <param name="Requests">All completed requests, including those that do not count for the other
/// figures.</param>
internal sealed record LoadResult(double Rate, double P99, double BytesPerRequest, long Requests);

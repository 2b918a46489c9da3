namespace Orders.Tests.GraphQL;

/// <summary>A call of the gateway to Orders.Query.</summary>
/// <param name="Path">Such as <c>/v1/orders</c>.</param>
/// <param name="Query">The query string, with its question mark.</param>
/// <param name="Headers">All of them.</param>
internal sealed record UpstreamCall(string Path, string Query, IReadOnlyDictionary<string, string> Headers);

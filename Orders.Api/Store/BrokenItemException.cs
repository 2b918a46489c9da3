using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Store;

/// <summary>A stored item is invalid: the request is not retryable.</summary>
/// <param name="item">The item.</param>
/// <param name="attribute">The invalid attribute.</param>
/// <param name="problem">The problem, as the rest of a sentence that begins with the attribute.</param>
/// <param name="merchantId">The merchant; null when unknown.</param>
/// <param name="wayOut">The remedy, as a sentence.</param>
internal sealed class BrokenItemException(Dictionary<string, AttributeValue> item, string attribute, string problem, string? merchantId, string wayOut)
    : StoreException($"the item {item.GetValueOrDefault(OrderAttributes.Pk)?.S} is broken: {attribute}: {problem}", mayBeCarriedOut: false)
{
    public string Attribute => attribute;

    public string Problem => problem;

    public string WayOut => wayOut;

    /// <summary>The item's key.</summary>
    public (string? Pk, string? Sk) Key => (item.GetValueOrDefault(OrderAttributes.Pk)?.S, item.GetValueOrDefault(OrderAttributes.Sk)?.S);

    /// <summary>The merchant; null when unknown.</summary>
    public string? MerchantId => merchantId;
}

using Amazon.DynamoDBv2.Model;
using Orders.Domain.Item;

namespace Orders.Api.Store;

/// <summary>
/// A stored item breaks the rules of its schema, whoever wrote it: the request is not retryable.
/// </summary>
/// <param name="item">The item.</param>
/// <param name="attribute">What is broken of it.</param>
/// <param name="problem">How, to go on from the attribute.</param>
/// <param name="merchantId">Whose it is; null where it does not say so.</param>
/// <param name="wayOut">How it is mended, as a sentence.</param>
internal sealed class BrokenItemException(Dictionary<string, AttributeValue> item, string attribute, string problem, string? merchantId, string wayOut)
    : StoreException($"the item {item.GetValueOrDefault(OrderAttributes.Pk)?.S} is broken: {attribute}: {problem}", mayBeCarriedOut: false)
{
    public string Attribute => attribute;

    public string Problem => problem;

    public string WayOut => wayOut;

    /// <summary>The item's key.</summary>
    public (string? Pk, string? Sk) Key => (item.GetValueOrDefault(OrderAttributes.Pk)?.S, item.GetValueOrDefault(OrderAttributes.Sk)?.S);

    /// <summary>Whose it is; null where it does not say so.</summary>
    public string? MerchantId => merchantId;
}

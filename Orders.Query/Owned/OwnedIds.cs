using Microsoft.AspNetCore.Http.HttpResults;
using Orders.Query.Http;

namespace Orders.Query.Owned;

/// <summary>Reads ids of customers or products from a request.</summary>
internal static class OwnedIds
{
    public const string Merchant = "merchant_id";

    /// <summary>The parameters that name one.</summary>
    public static readonly IReadOnlyList<string> OneParameters = [Merchant];

    /// <summary>The parameters that name many.</summary>
    public static readonly IReadOnlyList<string> ManyParameters = [IdList.Parameter, Merchant];

    /// <summary>Reads <c>ids</c> and <c>merchant_id</c>, the merchant of every id without one.</summary>
    public static AskedIds<OwnedId> Read(QueryErrors errors)
    {
        var merchantId = errors.Id(Merchant);
        var list = IdList.Read<OwnedId>(errors, OwnedId.TryRead, $"an id or merchant_id/id, each of {TextIds.Expected}");
        return merchantId is null ? list : list with { Ids = [.. list.Ids.Select(id => id with { MerchantId = id.MerchantId ?? merchantId }).Distinct()] };
    }

    /// <summary>The id in the path, with <c>merchant_id</c>.</summary>
    public static OwnedId Read(QueryErrors errors, string id) => new(errors.Id(Merchant), id);

    /// <summary>400: an id that several merchants use needs the merchant's id.</summary>
    /// <param name="errors">The request's parameters.</param>
    /// <param name="name">The parameter for the merchant.</param>
    /// <param name="id">The id.</param>
    public static ProblemHttpResult Ambiguous(this QueryErrors errors, string name, OwnedId id)
    {
        errors.Add(name, AmbiguousProblem(name, id));
        return errors.Answer();
    }

    /// <summary>The problem of an id in a list that several merchants use.</summary>
    public static ListProblem Ambiguous(OwnedId id) => new(id.ToString(), AmbiguousProblem(IdList.Parameter, id));

    private static string AmbiguousProblem(string name, OwnedId id)
    {
        var wayOut = name == Merchant ? $"Give {Merchant}." : $"Give {Merchant}, or write {Merchant}/{id}.";
        return $"must say whose '{id.Id}' is meant, since several merchants use that id. {wayOut}";
    }
}

using Orders.Domain;

namespace Orders.Query;

/// <summary>Writes amounts with their currency's digits.</summary>
internal static class Amounts
{
    /// <summary>An amount with its currency's digits; with a code that is no longer in use it keeps the digits that it has.</summary>
    public static decimal Scale(string currency, decimal amount) => Currency.TryFind(currency, out var known) ? known.Scale(amount) : amount;

    /// <summary>Orders of one currency together.</summary>
    public static CurrencyAmount Of(string currency, long orders, decimal sum) => new(currency, orders, Scale(currency, sum));
}

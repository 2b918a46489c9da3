using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>Writes amounts with their currency's digits.</summary>
internal static class Amounts
{
    /// <summary>
    /// An amount, or a sum of them, with its currency's digits; with a code that is no longer in use it
    /// keeps the digits that it has. Null for what is no number: a hand has put it into the read model.
    /// </summary>
    /// <param name="currency">The currency's code.</param>
    /// <param name="number">As Postgres writes it.</param>
    public static ExactNumber? Read(string currency, string number) =>
        ExactNumber.TryParse(number, out var amount) ? Currency.TryFind(currency, out var known) ? amount.Scale(known) : amount : null;

    /// <summary>What several come to; null where one of them is no number.</summary>
    public static ExactNumber? Sum(IEnumerable<ExactNumber?> amounts) => amounts.Aggregate((ExactNumber?)default(ExactNumber), (sum, amount) => sum + amount);
}

using Orders.Domain;

namespace Orders.Query.Totals;

/// <summary>Formats amounts with their currency's decimals.</summary>
internal static class Amounts
{
    /// <summary>
    /// An amount, or a sum, with its currency's decimals; for an unknown code the decimals are kept. Null
    /// for a value that is not a number, which was edited by hand.
    /// </summary>
    /// <param name="currency">The currency's code.</param>
    /// <param name="number">The number in Postgres's format.</param>
    public static ExactNumber? Read(string currency, string number) =>
        ExactNumber.TryParse(number, out var amount) ? Currency.TryFind(currency, out var known) ? amount.Scale(known) : amount : null;

    /// <summary>The sum; null when one of them is not a number.</summary>
    public static ExactNumber? Sum(IEnumerable<ExactNumber?> amounts) => amounts.Aggregate((ExactNumber?)default(ExactNumber), (sum, amount) => sum + amount);
}

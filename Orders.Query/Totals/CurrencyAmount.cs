namespace Orders.Query.Totals;

/// <summary>Orders of one currency together.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Orders">How many.</param>
/// <param name="Amount">What they come to, with the currency's digits; null where one of them has an amount
/// that is no number.</param>
internal sealed record CurrencyAmount(string Currency, long Orders, ExactNumber? Amount);

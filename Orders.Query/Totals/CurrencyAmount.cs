namespace Orders.Query.Totals;

/// <summary>The orders of one currency.</summary>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Orders">How many.</param>
/// <param name="Amount">Their sum, with the currency's decimals; null when an amount is not a
/// number.</param>
internal sealed record CurrencyAmount(string Currency, long Orders, ExactNumber? Amount);

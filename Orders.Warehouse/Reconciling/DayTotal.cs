namespace Orders.Warehouse.Reconciling;

/// <summary>The orders that were placed on a day, in one currency.</summary>
/// <param name="Day">The UTC day on which they were placed.</param>
/// <param name="Currency">The currency.</param>
/// <param name="Orders">How many there are.</param>
/// <param name="Amount">What they amount to.</param>
internal sealed record DayTotal(DateOnly Day, string Currency, long Orders, decimal Amount);

namespace Orders.Warehouse.Analytics;

/// <summary>A question in the list of them.</summary>
/// <param name="Id">Its name in the address.</param>
/// <param name="Title">What it asks.</param>
internal sealed record QuestionLine(string Id, string Title);

namespace Orders.Warehouse.Tables;

/// <summary>
/// Called at each step of writing, so that a test can stop the service between two of them.
/// </summary>
internal sealed class TableSteps
{
    /// <summary>By default nothing happens.</summary>
    public Func<TableStep, Task> Reached { get; set; } = _ => Task.CompletedTask;
}

namespace Orders.Infra.Settings;

/// <summary>
/// A missing or invalid parameter of the stack. The message is one line with its name and the remedy.
/// </summary>
/// <param name="parameter">Its name as the operator types it, for example
/// <c>databaseMaxCapacity</c>.</param>
/// <param name="problem">What is wrong, as a sentence.</param>
/// <param name="wayOut">What to do about it, as a sentence.</param>
public sealed class StackSettingException(string parameter, string problem, string wayOut) : Exception($"{parameter}: {problem} {wayOut}")
{
    /// <summary>Its name as the operator types it.</summary>
    public string Parameter { get; } = parameter;
}

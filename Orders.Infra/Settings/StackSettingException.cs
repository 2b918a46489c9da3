namespace Orders.Infra.Settings;

/// <summary>
/// A parameter of the stack that is missing or wrong. The message is one line that names it and the way out.
/// </summary>
/// <param name="parameter">Its name as it is typed, for example <c>databaseMaxCapacity</c>.</param>
/// <param name="problem">What is wrong, as a sentence.</param>
/// <param name="wayOut">What to do about it, as a sentence.</param>
public sealed class StackSettingException(string parameter, string problem, string wayOut) : Exception($"{parameter}: {problem} {wayOut}")
{
    /// <summary>Its name as it is typed.</summary>
    public string Parameter { get; } = parameter;
}

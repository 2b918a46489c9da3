namespace Orders.ServiceDefaults.Commands;

/// <summary>Where a command reads and writes.</summary>
/// <param name="In">Answers of the person.</param>
/// <param name="Out">The result: what a script reads.</param>
/// <param name="Error">Progress, questions and what went wrong.</param>
public sealed record Terminal(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>The console of the process.</summary>
    public static Terminal Process => new(Console.In, Console.Out, Console.Error);
}

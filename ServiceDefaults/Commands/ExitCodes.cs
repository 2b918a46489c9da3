namespace Orders.ServiceDefaults.Commands;

/// <summary>The exit codes of commands.</summary>
public static class ExitCodes
{
    /// <summary>It is done.</summary>
    public const int Done = 0;

    /// <summary>It failed, was stopped, or found a difference.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int BadUsage = 2;
}

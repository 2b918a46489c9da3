namespace Orders.Engines.Processes;

/// <summary>What is needed to start an engine, and to stop it again.</summary>
internal sealed record EngineStart
{
    public required string Name { get; init; }
    public required string Program { get; init; }

    /// <summary>What it is and where it comes from, in a few words.</summary>
    public string Source { get; init; } = "";

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>The user it runs as; null for our own.</summary>
    public SystemUser? User { get; init; }

    /// <summary>
    /// The same as a command for someone else to start, and to end by SIGTERM or a kill: an engine that must
    /// end otherwise runs beside a guard. Of another user's program, setpriv is what runs, and becomes it.
    /// </summary>
    public (string Program, IReadOnlyList<string> Arguments) Command()
    {
        IReadOnlyList<string> arguments = IsGuarded ? [.. EngineGuard.Arguments(Folder, Program, Arguments)] : Arguments;
        return User is null ? (CommandProgram, arguments) : (Launcher.SetPrivPath!, [.. User.SetPrivArguments(), CommandProgram, .. arguments]);
    }

    /// <summary>What the process of <see cref="Command"/> runs in the end.</summary>
    public string CommandProgram => IsGuarded ? EngineGuard.Shell : Program;

    private bool IsGuarded => StopSignal != Native.Terminate && !OperatingSystem.IsWindows();

    /// <summary>
    /// What to do when its files are the reason that it ends at its start, a sentence; empty for one that
    /// keeps none.
    /// </summary>
    public string IfDamaged { get; init; } = "";

    public int StopSignal { get; init; } = Native.Terminate;
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

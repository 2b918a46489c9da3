namespace Orders.Engines.Processes;

/// <summary>What is needed to start an engine, and to stop it.</summary>
internal sealed record EngineStart
{
    public required string Name { get; init; }
    public required string Program { get; init; }

    /// <summary>The program and where it comes from, in a few words.</summary>
    public string Source { get; init; } = "";

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>The user that it runs as; null for our own.</summary>
    public SystemUser? User { get; init; }

    /// <summary>
    /// What its command line contains once it runs, to tell it from another process of the same program;
    /// may be empty.
    /// </summary>
    public string Mark { get; init; } = "";

    /// <summary>
    /// The program with its arguments, for a parent of our own. A shell lets its files be for its user only,
    /// whatever the parent's umask is, and replaces itself with the program.
    /// </summary>
    public (string Program, IReadOnlyList<string> Arguments) Closed() =>
        OperatingSystem.IsWindows() ? (Program, Arguments) : (EngineGuard.Shell, ["-c", "umask 077; exec \"$0\" \"$@\"", Program, .. Arguments]);

    /// <summary>
    /// The same as a command for another parent, which ends it by SIGTERM or a kill. An engine that needs
    /// another signal runs with a guard. For another user, setpriv is started, and replaces itself with the
    /// program.
    /// </summary>
    public (string Program, IReadOnlyList<string> Arguments) Command()
    {
        var (program, arguments) = Closed();
        if (IsGuarded)
        {
            (program, arguments) = (CommandProgram, [.. EngineGuard.Arguments(Folder, program, arguments)]);
        }

        return User is null ? (program, arguments) : (Launcher.SetPrivPath!, [.. User.SetPrivArguments(), program, .. arguments]);
    }

    /// <summary>The program that the process of <see cref="Command"/> finally runs.</summary>
    public string CommandProgram => IsGuarded ? EngineGuard.Shell : Program;

    private bool IsGuarded => StopSignal != Native.Terminate && !OperatingSystem.IsWindows();

    /// <summary>
    /// A sentence that says what to do if damaged files make it exit during its start; empty for an engine
    /// without files.
    /// </summary>
    public string IfDamaged { get; init; } = "";

    public int StopSignal { get; init; } = Native.Terminate;
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

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
    /// The same as a command for someone else to start: of another user's program, setpriv is what runs, and
    /// becomes it.
    /// </summary>
    public (string Program, IReadOnlyList<string> Arguments) Command() =>
        User is null ? (Program, Arguments) : (Launcher.SetPrivPath!, [.. User.SetPrivArguments(), Program, .. Arguments]);

    public int StopSignal { get; init; } = Native.Terminate;
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

namespace Orders.AppHost.Running;

/// <summary>
/// A program of this machine that is found, or installed, only as it is started: see
/// <see cref="ProgramStart.AddProgram{T}"/>.
/// </summary>
/// <param name="name">Its name in the model.</param>
/// <param name="folder">Its working directory until it is known better.</param>
internal class ProgramResource(string name, string folder) : ExecutableResource(name, "not-yet-known", folder)
{
    /// <summary>
    /// The file of what its process runs, not of what changes the user before it; null until it is prepared.
    /// </summary>
    public string? Program { get; set; }

    /// <summary>What to do when it ends at its start, a sentence; may be empty.</summary>
    public string IfDamaged { get; set; } = "";

    /// <summary>What the dashboard shows as its source, in place of a long command line.</summary>
    public string Source { get; set; } = "";
}

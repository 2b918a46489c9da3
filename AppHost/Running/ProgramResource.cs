using Orders.Engines.Processes;

namespace Orders.AppHost.Running;

/// <summary>
/// A local program that is found or installed only when it is started: see <see
/// cref="ProgramStart.AddProgram{T}"/>.
/// </summary>
/// <param name="name">Its name in the model.</param>
/// <param name="folder">Its working directory until the prepared one is known.</param>
internal class ProgramResource(string name, string folder) : ExecutableResource(name, "not-yet-known", folder)
{
    /// <summary>
    /// The file of the program itself, not of a wrapper that changes the user; null until it is prepared.
    /// </summary>
    public string? Program { get; set; }

    /// <summary>The user that it runs as; null for our own.</summary>
    public SystemUser? User { get; set; }

    /// <summary>What its command line contains; may be empty.</summary>
    public string Mark { get; set; } = "";

    /// <summary>
    /// A sentence that says what to do when the program exits during its start; may be empty.
    /// </summary>
    public string IfDamaged { get; set; } = "";

    /// <summary>The source that the dashboard shows, instead of a long command line.</summary>
    public string Source { get; set; } = "";
}

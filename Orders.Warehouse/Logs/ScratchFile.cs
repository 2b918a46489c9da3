namespace Orders.Warehouse.Logs;

/// <summary>A file of this process in the system's temporary folder, removed at the end.</summary>
internal sealed class ScratchFile : IDisposable
{
    /// <summary>Names a file that is not there yet.</summary>
    /// <param name="extension">With its dot.</param>
    public ScratchFile(string extension) => Path = Scratch.NewPath(extension);

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Removes it.</summary>
    public void Dispose() => File.Delete(Path);
}

namespace Orders.Warehouse.Logs;

/// <summary>A folder of this process in the system's temporary folder, removed at the end.</summary>
internal sealed class ScratchFolder : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public ScratchFolder() => Path = Directory.CreateDirectory(Scratch.NewPath("")).FullName;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>Removes it.</summary>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Text.Json;

namespace Orders.Engines.Data;

/// <summary>Keeps <see cref="Endpoints"/> in the data folder while they are valid.</summary>
internal sealed class EndpointsFile : IDisposable
{
    private readonly string _path;

    private EndpointsFile(string path) => _path = path;

    /// <summary>Removes the file of a killed run.</summary>
    public static void Clear(DataFolder folder) => File.Delete(In(folder));

    /// <summary>
    /// Writes the file atomically, readable only by its owner, because it contains the passwords.
    /// Disposing the result removes it.
    /// </summary>
    public static EndpointsFile Write(DataFolder folder, Endpoints endpoints)
    {
        var path = In(folder);
        OwnFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(endpoints, EndpointsJson.Default.Endpoints));
        return new(path);
    }

    public void Dispose() => File.Delete(_path);

    private static string In(DataFolder folder) => folder.In("endpoints.json");
}

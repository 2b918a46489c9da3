using System.Text.Json;

namespace Orders.Engines.Data;

/// <summary>Leaves <see cref="Endpoints"/> in the data folder while they are true.</summary>
internal sealed class EndpointsFile : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string _path;

    private EndpointsFile(string path) => _path = path;

    /// <summary>Removes what a run that was killed has left.</summary>
    public static void Clear(DataFolder folder) => File.Delete(In(folder));

    /// <summary>
    /// Writes it whole or not at all, readable for its owner only: it holds Postgres' password. It goes when
    /// the result is disposed of.
    /// </summary>
    public static EndpointsFile Write(DataFolder folder, Endpoints endpoints)
    {
        var path = In(folder);
        var unfinished = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(unfinished, options))
        {
            JsonSerializer.Serialize(file, endpoints, EndpointsJson.Default.Endpoints);
        }

        File.Move(unfinished, path, overwrite: true);
        return new(path);
    }

    public void Dispose() => File.Delete(_path);

    private static string In(DataFolder folder) => folder.In("endpoints.json");
}

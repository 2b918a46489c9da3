using Orders.Engines.Npm;

namespace Orders.Engines.Processes;

/// <summary>
/// The user that Postgres runs as when this process is root: Postgres refuses to run as root.
/// </summary>
internal sealed record SystemUser(string Name, uint Uid, uint Gid)
{
    private const string Users = "/etc/passwd";
    private static readonly string[] Names = ["postgres", "nobody"];

    /// <summary>
    /// The system's own Postgres user, otherwise nobody; null if this process is not root and needs none.
    /// </summary>
    /// <exception cref="EngineException">This process is root, on a system where it cannot drop its
    /// privileges.</exception>
    public static SystemUser? ForPostgres()
    {
        if (!Platform.IsRoot)
        {
            return null;
        }

        if (Launcher.SetPrivPath is null)
        {
            throw new EngineException("Postgres refuses to run as root, and there is no setpriv here to drop root's rights with", "Start it as another user.");
        }

        return Candidates().FirstOrDefault()
            ?? throw new EngineException("Postgres refuses to run as root, and there is neither a user 'postgres' nor 'nobody'", "Start it as another user.");
    }

    /// <summary>Whether <see cref="ForPostgres"/> may have chosen this user, now or before.</summary>
    public static bool MayRunPostgres(uint uid) => Candidates().Any(user => user.Uid == uid);

    /// <summary>The options of <c>setpriv</c> that run a program as this user.</summary>
    public IEnumerable<string> SetPrivArguments() => [$"--reuid={Uid}", $"--regid={Gid}", "--clear-groups"];

    private static IEnumerable<SystemUser> Candidates()
    {
        var users = Read(File.ReadLines(Users));
        return Names.Select(name => users.GetValueOrDefault(name)).OfType<SystemUser>();
    }

    internal static Dictionary<string, SystemUser> Read(IEnumerable<string> passwd)
    {
        var users = new Dictionary<string, SystemUser>(StringComparer.Ordinal);
        foreach (var line in passwd)
        {
            var field = line.Split(':');
            if (field.Length > 3 && uint.TryParse(field[2], out var uid) && uint.TryParse(field[3], out var gid) && uid != 0)
            {
                users.TryAdd(field[0], new SystemUser(field[0], uid, gid));
            }
        }

        return users;
    }
}

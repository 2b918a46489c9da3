using System.Globalization;
using System.Runtime.Versioning;
using Orders.Engines.Processes;

namespace Orders.Engines.Data;

/// <summary>
/// Decides whether another user could have put something into a folder, or can put another folder in its
/// place. Trusted are this user, root, and whoever owns the program that runs, or a folder above it: they
/// decide what this process does anyhow. So root may run a developer's own checkout. Nobody else is trusted,
/// and root trusts no other user's data.
/// </summary>
internal static class FolderTrust
{
    private const uint Root = 0;
    private const int MostLinks = 40;
    private const UnixFileMode OpenToOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly Lazy<HashSet<string>> ProgramFolders = new(() => OperatingSystem.IsWindows() ? [] : [.. Steps(AppContext.BaseDirectory).Select(step => step.Path)]);
    private static readonly Lazy<HashSet<uint>> Trusted = new(() => OperatingSystem.IsWindows() ? [] : FindTrusted());

    /// <summary>
    /// Whether a folder in a shared place is this user's, and no link. Others may neither list nor change
    /// it; Postgres' group may enter it.
    /// </summary>
    public static bool IsPrivate(string path) =>
        OperatingSystem.IsWindows()
        || (FileFacts.Of(path) is { Kind: FileFacts.Kinds.Folder } facts && facts.Uid == Native.UserId && (facts.Mode & OpenToOthers) == UnixFileMode.None);

    /// <summary>
    /// Checks a folder whose files are to be believed: it belongs to this user, nobody else may write it,
    /// and nobody else can replace it. It may be missing.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <exception cref="EngineException">Others could have put something there.</exception>
    public static void CheckData(string path, string setting)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var steps = Steps(path);
        var folder = Directory.Exists(path) ? steps[^1] : default((string Path, FileFacts Facts)?);
        CheckAbove(folder is null ? steps : steps[..^1], path, setting);
        if (folder is not { Facts: var facts })
        {
            return;
        }

        if (facts.Uid != Native.UserId)
        {
            throw new EngineException($"'{path}' belongs to {NameOf(facts.Uid)} and this process runs as {NameOf(Native.UserId)}, who cannot know what was put there",
                $"Run as {NameOf(facts.Uid)}, or name another folder with {setting}{(Native.UserId == Root ? $", or, if all of it is yours, hand it over: chown -R root '{path}'" : "")}.");
        }

        if (IsWritableByOthers(facts))
        {
            throw new EngineException($"'{path}' may be written by other users ({Octal(facts.Mode)}): what is in it may be theirs",
                $"See what is in it and take their right away (chmod go-w '{path}'; a drive of Windows has no such rights), or name another folder with {setting}.");
        }
    }

    /// <summary>
    /// Checks a folder whose programs are run, or below which folders are made: nobody but trusted users may
    /// write it or replace it. One with the sticky bit, such as /tmp, is good: there, nobody can replace
    /// what others made. It may be missing.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="setting">The setting that names it.</param>
    /// <exception cref="EngineException">Others could have put something there.</exception>
    public static void CheckShared(string path, string setting)
    {
        if (!OperatingSystem.IsWindows())
        {
            CheckAbove(Steps(path), path, setting);
        }
    }

    /// <summary>Whether <see cref="CheckShared"/> finds nothing.</summary>
    public static bool IsShared(string path)
    {
        try
        {
            CheckShared(path, "");
            return true;
        }
        catch (EngineException)
        {
            return false;
        }
    }

    /// <summary>Whether two paths, which exist, lead to one folder.</summary>
    [UnsupportedOSPlatform("windows")]
    public static bool IsSame(string one, string other) => Directory.Exists(one) && Directory.Exists(other) && Steps(one)[^1].Path == Steps(other)[^1].Path;

    [UnsupportedOSPlatform("windows")]
    private static void CheckAbove(IEnumerable<(string Path, FileFacts Facts)> steps, string path, string setting)
    {
        foreach (var (step, facts) in steps.Where(step => !ProgramFolders.Value.Contains(step.Path)))
        {
            var subject = step == path ? $"'{path}'" : $"'{step}', on the way to '{path}',";
            if (!Trusted.Value.Contains(facts.Uid))
            {
                throw new EngineException($"{subject} belongs to {NameOf(facts.Uid)}, who could put another folder in its place",
                    $"Name a folder with {setting} that only {NameOf(Native.UserId)} or root can replace{(Native.UserId == Root ? $", or run as {NameOf(facts.Uid)}" : "")}.");
            }

            if (facts.Kind == FileFacts.Kinds.Folder && !facts.Mode.HasFlag(UnixFileMode.StickyBit) && IsWritableByOthers(facts))
            {
                throw new EngineException($"{subject} may be written by other users ({Octal(facts.Mode)}), who could put another folder in its place",
                    $"Take their right away (chmod go-w '{step}') or set the sticky bit (chmod +t '{step}'), or name another folder with {setting}.");
            }
        }
    }

    // Everything on the way to a path that exists, links and what they lead to included; the last is the
    // path itself, if it exists.
    [UnsupportedOSPlatform("windows")]
    private static List<(string Path, FileFacts Facts)> Steps(string path)
    {
        List<(string Path, FileFacts Facts)> steps = [];
        var (at, links) = ("/", 0);
        var left = new Stack<string>();
        Push(Path.GetFullPath(path));
        while (left.TryPop(out var name))
        {
            at = name == "/" ? name : Path.Combine(at, name);
            if (FileFacts.Of(at) is not { } facts)
            {
                break;
            }

            steps.Add((at, facts));
            if (facts.Kind == FileFacts.Kinds.Link)
            {
                if (++links > MostLinks || new FileInfo(at).LinkTarget is not { } target)
                {
                    throw new EngineException($"'{path}' leads through too many links", "Name another folder.");
                }

                Push(Path.GetFullPath(target, Path.GetDirectoryName(at)!));
            }
        }

        return steps;

        void Push(string full)
        {
            foreach (var name in full.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
            {
                left.Push(name);
            }

            left.Push("/");
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static HashSet<uint> FindTrusted()
    {
        HashSet<uint> trusted = [Root, Native.UserId, .. Steps(AppContext.BaseDirectory).Select(step => step.Facts.Uid)];
        if (Native.UserId == Root && uint.TryParse(Environment.GetEnvironmentVariable("SUDO_UID"), CultureInfo.InvariantCulture, out var behind))
        {
            trusted.Add(behind);
        }

        return trusted;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool IsWritableByOthers(FileFacts facts) =>
        facts.Mode.HasFlag(UnixFileMode.OtherWrite) || (facts.Mode.HasFlag(UnixFileMode.GroupWrite) && !UserGroups.IsPrivate(facts.Gid, facts.Uid));

    private static string NameOf(uint uid) => UserGroups.NameOf(uid) is { } name ? $"user {name}" : $"user {uid}";

    private static string Octal(UnixFileMode mode) => "mode " + Convert.ToString((int)mode, 8).PadLeft(4, '0');
}

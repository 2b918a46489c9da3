using System.Globalization;

namespace Orders.Engines.Data;

/// <summary>The users and groups in the system's files.</summary>
internal static class UserGroups
{
    private const string Users = "/etc/passwd";
    private const string Groups = "/etc/group";

    /// <summary>The name of a user; null if the files do not have it.</summary>
    public static string? NameOf(uint uid) => Lines(Users).FirstOrDefault(user => Is(user, 2, uid))?[0];

    /// <summary>
    /// Whether a group has nobody but this user in it, or root: many systems give each user a group of
    /// their own, and let it write what the user makes.
    /// </summary>
    public static bool IsPrivate(uint gid, uint uid)
    {
        var name = NameOf(uid);
        return Lines(Groups).FirstOrDefault(group => Is(group, 2, gid)) is [_, _, _, var members, ..]
            && members.Split(',', StringSplitOptions.RemoveEmptyEntries).All(member => member == name || member == "root")
            && Lines(Users).Where(user => Is(user, 3, gid)).All(user => Is(user, 2, uid) || Is(user, 2, 0));
    }

    private static bool Is(string[] fields, int field, uint value) => fields.Length > field && fields[field] == value.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string[]> Lines(string file) => File.Exists(file) ? File.ReadLines(file).Select(line => line.Split(':')) : [];
}

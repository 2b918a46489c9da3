using Orders.Engines.Npm;
using Orders.Engines.Processes;

namespace Orders.Tests.Engines;

/// <summary>
/// Another user of this machine. Where the tests are not root, who alone can make others' files, everybody
/// may write what is to be another's: it may be theirs as well.
/// </summary>
internal static class OtherUser
{
    private const UnixFileMode Everything = (UnixFileMode)0x1FF;
    private static readonly SystemUser Nobody = new("nobody", 65_534, 65_534);

    /// <summary>Lets a file or folder be another user's, but not what is in it.</summary>
    public static void Takes(string path)
    {
        if (Platform.IsRoot)
        {
            Native.Give(path, Nobody);
        }
        else
        {
            FileModes.Set(path, Everything);
        }
    }
}

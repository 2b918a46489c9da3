namespace Orders.AppHost.Tests;

/// <summary>The parents of processes, from <c>/proc</c>.</summary>
internal static class ProcessTree
{
    /// <summary>Whether a process is the other one, or one of its descendants.</summary>
    public static async Task<bool> IsBelowAsync(int process, int above)
    {
        for (var current = process; current > 1; current = await ParentAsync(current))
        {
            if (current == above)
            {
                return true;
            }
        }

        return false;
    }

    // "pid (comm) state ppid …": comm may contain brackets.
    private static async Task<int> ParentAsync(int process)
    {
        var stat = await File.ReadAllTextAsync($"/proc/{process}/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}

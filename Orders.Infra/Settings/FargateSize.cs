namespace Orders.Infra.Settings;

/// <summary>The task sizes of Fargate, up to four processors.</summary>
internal static class FargateSize
{
    private const int Gibibyte = 1024;

    // Memory in MiB by processor units.
    private static readonly SortedDictionary<int, int[]> Sizes = new()
    {
        [256] = [512, 1 * Gibibyte, 2 * Gibibyte],
        [512] = Gibibytes(1, 4),
        [1024] = Gibibytes(2, 8),
        [2048] = Gibibytes(4, 16),
        [4096] = Gibibytes(8, 30),
    };

    /// <summary>Checks <c>taskCpu</c> and <c>taskMemory</c> against each other, or those of another
    /// prefix.</summary>
    /// <exception cref="StackSettingException">Fargate has no such size.</exception>
    public static void Check(string prefix, int cpu, int memory)
    {
        if (!Sizes.TryGetValue(cpu, out var memories))
        {
            throw new StackSettingException($"{prefix}Cpu", $"Fargate has no task of {cpu}.", $"It is one of {string.Join(", ", Sizes.Keys)}.");
        }

        if (!memories.Contains(memory))
        {
            throw new StackSettingException($"{prefix}Memory", $"Fargate has no task of {cpu} with {memory} MiB.", $"It is one of {string.Join(", ", memories)}.");
        }
    }

    private static int[] Gibibytes(int least, int most) => [.. Enumerable.Range(least, most - least + 1).Select(each => each * Gibibyte)];
}

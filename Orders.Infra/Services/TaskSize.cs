namespace Orders.Infra.Services;

/// <summary>The size of a task of Fargate.</summary>
/// <param name="Cpu">1024 is one processor.</param>
/// <param name="Memory">In MiB.</param>
/// <param name="Disk">In GiB.</param>
internal sealed record TaskSize(int Cpu, int Memory, int Disk);

using Orders.Engines;

namespace Orders.AppHost.Stores;

/// <summary>What the stores run on.</summary>
/// <param name="IsEngines">Processes of this machine; otherwise containers.</param>
/// <param name="Note">One line for the console; null for none.</param>
internal sealed record StoreKind(bool IsEngines, string? Note)
{
    /// <summary>Chooses: what was asked for, else containers where a runtime answers.</summary>
    /// <param name="engines">What was asked for; null for nothing.</param>
    /// <param name="findFault">Asks the container runtime; null when one answers, else why not.</param>
    /// <exception cref="EngineException">Containers were asked for, and no runtime answers.</exception>
    public static StoreKind Choose(bool? engines, Func<string?> findFault)
    {
        if (engines == true)
        {
            return new(IsEngines: true, "Stores: engines of this machine, as asked for by Engines=true.");
        }

        return findFault() switch
        {
            null => new(IsEngines: false, "Stores: containers. --Engines=true takes engines of this machine instead."),
            var fault when engines == false => throw new EngineException(
                $"Engines=false asks for containers, and no container runtime answers ({fault})", "Start Docker or Podman, or leave Engines out for engines of this machine."),
            var fault => new(IsEngines: true, $"Stores: engines of this machine, since no container runtime answers ({fault})."),
        };
    }
}

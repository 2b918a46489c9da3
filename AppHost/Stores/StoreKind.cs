using Orders.Engines;

namespace Orders.AppHost.Stores;

/// <summary>Whether the stores are engines or containers.</summary>
/// <param name="IsEngines">Local processes; otherwise containers.</param>
/// <param name="Note">One line for the console; null for none.</param>
internal sealed record StoreKind(bool IsEngines, string? Note)
{
    /// <summary>Chooses the configured kind, otherwise containers when a runtime responds.</summary>
    /// <param name="engines">The setting; null if not set.</param>
    /// <param name="findFault">Checks the container runtime: null when one responds, otherwise the
    /// reason.</param>
    /// <exception cref="EngineException">Containers were configured, and no runtime responds.</exception>
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

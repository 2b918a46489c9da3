using System.Globalization;

namespace Orders.AppHost.Running;

/// <summary>The process of a resource, from the state that the orchestrator reports.</summary>
internal static class ResourceProcess
{
    private const string Pid = "executable.pid";

    /// <summary>The process id; null if the orchestrator has not started one.</summary>
    public static int? Of(CustomResourceSnapshot snapshot) =>
        snapshot.Properties.FirstOrDefault(property => property.Name == Pid)?.Value is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The id of the running process; null for none.</summary>
    public static int? Of(ResourceNotificationService notifications, IResource resource) =>
        notifications.TryGetCurrentState(resource.Name, out var current) && !KnownResourceStates.TerminalStates.Contains(current.Snapshot.State?.Text ?? "")
            ? Of(current.Snapshot)
            : null;
}

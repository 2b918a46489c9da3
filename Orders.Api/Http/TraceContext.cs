using System.Diagnostics;

namespace Orders.Api.Http;

/// <summary>The request's trace context, to be stored with what it writes.</summary>
internal static class TraceContext
{
    /// <summary>
    /// The W3C <c>traceparent</c> of the running request, or null when it is not recorded: then there is no
    /// trace to continue.
    /// </summary>
    public static string? Current => Activity.Current is { Recorded: true, IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
}

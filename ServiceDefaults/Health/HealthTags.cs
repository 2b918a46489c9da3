namespace Orders.ServiceDefaults.Health;

/// <summary>Tags of health checks.</summary>
public static class HealthTags
{
    /// <summary>
    /// A check that <c>/health/ready</c> runs: <c>services.AddHealthChecks().AddCheck&lt;…&gt;("name", tags:
    /// [HealthTags.Ready])</c>.
    /// </summary>
    public const string Ready = "ready";
}

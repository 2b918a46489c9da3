namespace Orders.Tests.Simulation.Postgres;

/// <summary>A connection in a process' pool. It keeps the settings that it began with.</summary>
internal sealed class PostgresSession
{
    /// <summary>At which start of the server it began; null before its first use.</summary>
    public int? BeganAt { get; set; }

    public bool IsReadOnly { get; set; }
}

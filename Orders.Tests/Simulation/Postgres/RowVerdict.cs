namespace Orders.Tests.Simulation.Postgres;

/// <summary>What a change is to what is stored.</summary>
internal enum RowVerdict
{
    /// <summary>It comes after it: it is written.</summary>
    Write,

    /// <summary>It is what is stored.</summary>
    Same,

    /// <summary>Only the table can tell.</summary>
    Doubt,
}

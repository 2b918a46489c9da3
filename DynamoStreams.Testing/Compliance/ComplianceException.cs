namespace DynamoStreams.Testing.Compliance;

/// <summary>A lease store does not do what <see cref="Leases.ILeaseStore"/> promises.</summary>
public sealed class ComplianceException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What was expected.</param>
    public ComplianceException(string message)
        : base(message)
    {
    }
}

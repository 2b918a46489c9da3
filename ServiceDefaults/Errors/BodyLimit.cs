namespace Orders.ServiceDefaults.Errors;

/// <summary>The limit of request bodies.</summary>
public static class BodyLimit
{
    /// <summary>
    /// The largest request body that a service reads, in bytes: 1 MiB. One byte more is answered with 413.
    /// </summary>
    public const long MaxBytes = 1024 * 1024;
}

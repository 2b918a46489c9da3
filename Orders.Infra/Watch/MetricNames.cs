namespace Orders.Infra.Watch;

/// <summary>
/// The names of the services' own metrics in CloudWatch: the emitted name, with the dimension
/// <c>service.name</c>.
/// </summary>
internal static class MetricNames
{
    public const string Namespace = "Orders";
    public const string ServiceDimension = "service.name";

    public const string Lag = "orders.sync.lag";
    public const string Records = "orders.sync.records";
    public const string Stalled = "orders.sync.stalled";
    public const string Leases = "orders.sync.leases";
    public const string OpenGaps = "orders.sync.gaps.open";
    public const string OpenDeadLetters = "orders.sync.dead_letters.open";
    public const string OpenCacheRepairs = "orders.sync.cache_repairs.open";
    public const string OpenDoubts = "orders.sync.doubts.open";
    public const string PassedOver = "orders.sync.passed_over";
    public const string WriterClockOffset = "orders.sync.writer_clock.offset";
    public const string WarehouseAge = "orders.warehouse.age";
    public const string WarehouseChanges = "orders.warehouse.changes";
    public const string WarehouseQuarantine = "orders.warehouse.quarantine";
    public const string SlotLag = "orders.warehouse.slot.lag";
    public const string SlotInvalid = "orders.warehouse.slot.invalid";
    public const string LoadFailures = "orders.warehouse.redshift.failures";
    public const string LoadAge = "orders.warehouse.redshift.age";
    public const string LoadSetAside = "orders.warehouse.redshift.set_aside";
    public const string RequestDuration = "http.server.request.duration";
}

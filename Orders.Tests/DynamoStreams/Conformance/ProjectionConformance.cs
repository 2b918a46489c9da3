using DynamoStreams.Api;
using DynamoStreams.Leases;
using Orders.Tests.Sync;
using Xunit;

namespace Orders.Tests.DynamoStreams.Conformance;

/// <summary>
/// The real projection, fed with records by hand: for rules that live where records become rows.
/// </summary>
[Collection(nameof(ConformanceCollection))]
public abstract class ProjectionConformance(ProjectionFixture fixture) : IAsyncLifetime
{
    private ProjectionFixture.Parts _parts = null!;

    internal ProjectionFixture Fixture => fixture;

    internal ShardLease Lease { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _parts = fixture.Build();
        Lease = await fixture.LeaseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _parts.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal Task ApplyAsync(params StreamRecord[] records) => _parts.ApplyAsync(Lease, records);

    internal Task<string> TotalsAsync(string merchant) =>
        fixture.ScalarAsync<string>("SELECT coalesce(sum(orders), 0) || ' ' || coalesce(sum(amount), 0) FROM hourly_totals WHERE merchant_id = @merchant", new { merchant });
}

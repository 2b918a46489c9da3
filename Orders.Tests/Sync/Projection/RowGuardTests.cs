using System.Globalization;
using Npgsql;
using Orders.Domain;
using Orders.Sync.Projection;
using Shouldly;
using Xunit;

namespace Orders.Tests.Sync.Projection;

/// <summary>
/// The rule in C#, by which the simulation goes, and the one in SQL, by which Postgres goes, are one.
/// </summary>
public sealed class RowGuardTests(ProjectionFixture fixture) : IClassFixture<ProjectionFixture>
{
    private static readonly long?[] Places = [null, 5, 50];
    private static readonly long[] Versions = [1, 2];

    [Fact]
    public async Task The_rule_says_what_the_statements_do()
    {
        await using var connection = await fixture.Database.OpenConnectionAsync();
        var outcomes = new Dictionary<RowVerdict, int>();
        foreach (var (stored, change) in Cases())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await StoreAsync(connection, stored, change);
            await using var batch = connection.CreateBatch();
            foreach (var command in ProjectionCommands.ForOrders([change]).Append(RefusedOrders.FindAndNote([change])))
            {
                batch.BatchCommands.Add(command);
            }

            var refused = (await RefusedOrders.ExecuteAsync(batch, passedOver: null, CancellationToken.None)).Count > 0;
            var found = refused ? RowVerdict.Ask : await IsWrittenAsync(connection, change) ? RowVerdict.Write : RowVerdict.Keep;
            var expected = RowGuard.Decide(stored, change);
            found.ShouldBe(expected, $"{stored} <- {change.Kind} {change.Version} at {change.Place}, before {change.Before}");
            outcomes[found] = outcomes.GetValueOrDefault(found) + 1;
        }

        outcomes.Keys.Order().ShouldBe([RowVerdict.Write, RowVerdict.Keep, RowVerdict.Ask]);
    }

    private static IEnumerable<(StoredStamp? Stored, OrderChange Change)> Cases()
    {
        var order = SampleOrders.Placed(lines: 1);
        OrderStamp[] stamps = [.. from version in Versions from late in new[] { 0, 1 } select new OrderStamp(version, order.UpdatedAt.AddMinutes(late))];
        StoredStamp?[] all =
        [
            null,
            .. from stamp in stamps from place in Places select new StoredStamp(false, stamp, place),
            .. from version in Versions from place in Places select new StoredStamp(true, new OrderStamp(version, default), place),
        ];
        return
            from stored in all
            from stamp in new[] { stamps[0], stamps[3] }
            from kind in new[] { ChangeKind.Placed, ChangeKind.Changed, ChangeKind.Deleted }
            from before in kind == ChangeKind.Placed ? [null] : stamps.Select(stamp => (OrderStamp?)stamp).Append(null)
            from place in new[] { 5, 20 }
            let at = order with { Version = stamp.Version, UpdatedAt = stamp.UpdatedAt }
            from passed in before is null ? new OrderStamp[][] { [], [stamps[1], stamps[2]] } : [[]]
            select (stored, new OrderChange(kind, at, at.Version, OrderJson.Render(at)) { Place = place, Before = before, Passed = passed });
    }

    private static Task StoreAsync(NpgsqlConnection connection, StoredStamp? stored, OrderChange change) => stored is null
        ? Task.CompletedTask
        : ExecuteAsync(
            connection,
            stored.IsDeleted
                ? "INSERT INTO sync.tombstones (order_id, merchant_id, version, place) VALUES ($1, 'before', $2, $3::numeric)"
                : "INSERT INTO orders (order_id, merchant_id, status, currency, amount, placed_at, version, place, updated_at) VALUES ($1, 'before', 'placed', 'INR', 1, now(), $2, $3::numeric, $4)",
            [change.OrderId, stored.Stamp.Version, (object?)stored.Place?.ToString(CultureInfo.InvariantCulture) ?? DBNull.Value, .. stored.IsDeleted ? Array.Empty<object>() : [stored.Stamp.UpdatedAt]]);

    // What was there before is the merchant's "before".
    private static async Task<bool> IsWrittenAsync(NpgsqlConnection connection, OrderChange change)
    {
        await using var command = new NpgsqlCommand(
            change.IsDeletion
                ? "SELECT NOT EXISTS (SELECT FROM sync.tombstones WHERE order_id = $1 AND merchant_id = 'before')"
                : "SELECT EXISTS (SELECT FROM orders WHERE order_id = $1 AND merchant_id <> 'before')",
            connection);
        command.Parameters.Add(new() { Value = change.OrderId });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        if (values[2] is DBNull)
        {
            command.Parameters[2].NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text;
        }

        await command.ExecuteNonQueryAsync();
    }
}

using DynamoStreams.Api;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// The way of the first seed: one record at a time, one statement after the other, each with its own commit.
/// The order's insert becomes an update if the row exists, or the reverse. It is better than the seed: one
/// connection for all, statements prepared once, deletions applied.
/// </summary>
internal sealed class StatementPerRecord : ApplySide
{
    public override string Name => "record by record";

    public override int MostChanges => 3_000;

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var page in pages)
        {
            foreach (var change in DecodedPages.Read(page))
            {
                await ApplyAsync(connection, change, cancellationToken);
            }
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, (StreamEvent Event, Order Order) change, CancellationToken cancellationToken)
    {
        if (change.Event == StreamEvent.Modify)
        {
            // An update without a matching row raises no error: the order's statement is the first of the
            // batch.
            if (await ExecuteAsync(connection, change, OrderWrite.Update, cancellationToken) == 0)
            {
                await ExecuteAsync(connection, change, OrderWrite.Insert, cancellationToken);
            }

            return;
        }

        try
        {
            await ExecuteAsync(connection, change, OrderWrite.Insert, cancellationToken);
        }
        catch (PostgresException duplicate) when (duplicate.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await ExecuteAsync(connection, change, OrderWrite.Update, cancellationToken);
        }
    }

    private static async Task<int> ExecuteAsync(
        NpgsqlConnection connection, (StreamEvent Event, Order Order) change, OrderWrite write, CancellationToken cancellationToken)
    {
        var orders = 0;
        var isFirst = true;
        foreach (var statement in RowStatements.Of(change, write))
        {
            await using var command = new NpgsqlCommand(statement.Sql, connection);
            command.Parameters.AddRange(statement.Parameters);
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            if (!isFirst)
            {
                continue;
            }

            if (rows == 0)
            {
                return 0;
            }

            (orders, isFirst) = (rows, false);
        }

        return orders;
    }
}

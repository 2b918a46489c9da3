using DynamoStreams.Api;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Apply;

/// <summary>
/// The first seed's way: each record by itself and a statement after the other, each committed by itself; the order's insert turns into an update when the
/// row is there, or the reverse. Better than the seed: one connection for all, statements prepared once, deletions applied.
/// </summary>
internal sealed class StatementPerRecord : ApplySide
{
    public override string Name => "record by record";

    public override int MostChanges => 4_000;

    public override async Task ApplyAsync(BenchDatabase database, IReadOnlyList<byte[]> pages, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        foreach (var page in pages)
        {
            foreach (var change in DecodedPages.Read(page))
                await ApplyAsync(connection, change, cancellationToken);
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, (StreamEvent Event, Order Order) change, CancellationToken cancellationToken)
    {
        if (change.Event == StreamEvent.Modify)
        {
            // An update of no row is told by no error: the order's statement is the first of the batch.
            if (await ExecuteAsync(connection, change, OrderWrite.Update, cancellationToken) == 0)
                await ExecuteAsync(connection, change, OrderWrite.Insert, cancellationToken);
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
        await using var statements = connection.CreateBatch();
        RowStatements.Add(statements.BatchCommands, change, write);
        var orders = 0;
        for (var i = 0; i < statements.BatchCommands.Count; i++)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = statements.BatchCommands[i].CommandText;
            foreach (var parameter in statements.BatchCommands[i].Parameters.ToArray<NpgsqlParameter>())
                command.Parameters.Add(parameter.Clone());
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            if (i > 0)
                continue;
            if (rows == 0)
                return 0;
            orders = rows;
        }

        return orders;
    }
}

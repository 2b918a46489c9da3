using System.Text.Json;
using DynamoStreams.Api;
using Npgsql;
using Orders.Bench.Stores;
using Orders.Domain;

namespace Orders.Bench.Warehouse;

/// <summary>The third seed's table: a row for each change, amounts as floats.</summary>
internal static class JsonTable
{
    private const string Create = """
        CREATE TABLE changes (
            event text, order_id text, version bigint, merchant_id text, customer_id text, status text, currency text,
            amount double precision, items jsonb, placed_at timestamptz, changed_at timestamptz)
        """;

    private const string Columns = """
        (event text, order_id text, version bigint, merchant_id text, customer_id text, status text, currency text,
        amount double precision, items jsonb, placed_at timestamptz, changed_at timestamptz)
        """;

    /// <summary>Makes it, empty.</summary>
    public static Task CreateAsync(BenchDatabase database, CancellationToken cancellationToken) => database.ExecuteAsync(Create, cancellationToken);

    /// <summary>Writes a file: a line of JSON for each change.</summary>
    public static async Task WriteAsync(string file, IEnumerable<(StreamEvent Event, Order Order)> changes, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16, useAsync: true);
        await using var json = new Utf8JsonWriter(stream);
        foreach (var (what, order) in changes)
        {
            Write(json, what, order);
            await json.FlushAsync(cancellationToken);
            json.Reset();
            stream.WriteByte((byte)'\n');
        }
    }

    /// <summary>Loads a file, all or nothing. Postgres has no COPY of JSON by the names of columns, as
    /// Redshift has: a row's names are taken apart behind it, in the same transaction.</summary>
    public static async Task LoadAsync(BenchDatabase database, string file, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var staging = new NpgsqlCommand("CREATE TEMP TABLE lines (line json) ON COMMIT DROP", connection))
        {
            await staging.ExecuteNonQueryAsync(cancellationToken);
        }

        // No byte of the JSON is a quote or a delimiter of that CSV.
        await CopyAsync(connection, @"COPY lines FROM STDIN (FORMAT csv, QUOTE e'\x01', DELIMITER e'\x02')", file, cancellationToken);
        await using var insert = new NpgsqlCommand($"INSERT INTO changes SELECT r.* FROM lines, json_to_record(line) AS r {Columns}", connection);
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Sends a file of text to a COPY.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, string copy, string file, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginTextImportAsync(copy, cancellationToken);
        using var reader = new StreamReader(file);
        var buffer = new char[1 << 16];
        while (await reader.ReadBlockAsync(buffer, cancellationToken) is var read and > 0)
        {
            await writer.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>Its rows, and the bytes it takes.</summary>
    public static async Task<(long Rows, long Bytes)> SizeAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT count(*), pg_total_relation_size('changes') FROM changes");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static void Write(Utf8JsonWriter json, StreamEvent what, Order order)
    {
        json.WriteStartObject();
        json.WriteString("event", what.ToString());
        json.WriteString("order_id", order.OrderId);
        json.WriteNumber("version", order.Version);
        json.WriteString("merchant_id", order.MerchantId);
        json.WriteString("customer_id", order.CustomerId);
        json.WriteString("status", order.Status.Name());
        json.WriteString("currency", order.Currency.Code);
        json.WriteNumber("amount", (double)order.Amount);
        json.WriteStartArray("items");
        foreach (var line in order.Items)
        {
            json.WriteStartObject();
            json.WriteString("product_id", line.ProductId);
            json.WriteString("product_name", line.ProductName);
            json.WriteNumber("quantity", line.Quantity);
            json.WriteNumber("unit_price", (double)line.UnitPrice);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("placed_at", order.PlacedAt);
        json.WriteString("changed_at", order.UpdatedAt);
        json.WriteEndObject();
    }
}

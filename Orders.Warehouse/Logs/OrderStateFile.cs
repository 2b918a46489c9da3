namespace Orders.Warehouse.Logs;

/// <summary>The files of a stored state of the orders: their columns.</summary>
internal static class OrderStateFile
{
    /// <summary>The columns of an order, as <c>orders_newest</c> has them.</summary>
    public static LogSchema Rows { get; } = new(
        $"""
        order_id UUID, version BIGINT, change VARCHAR, merchant_id VARCHAR, customer_id VARCHAR, status VARCHAR, currency VARCHAR, amount {OrderLog.Money},
        items {OrderLog.Items},
        placed_at TIMESTAMPTZ, updated_at TIMESTAMPTZ, sequence VARCHAR, place VARCHAR, paid_at TIMESTAMPTZ, shipped_at TIMESTAMPTZ, cancelled_at TIMESTAMPTZ
        """,
        "*");

    /// <summary>A relation of no order.</summary>
    public static string Nothing { get; } =
        $"""
        (SELECT NULL::UUID AS order_id, NULL::BIGINT AS version, NULL::VARCHAR AS change, NULL::VARCHAR AS merchant_id, NULL::VARCHAR AS customer_id, NULL::VARCHAR AS status, NULL::VARCHAR AS currency,
                NULL::{OrderLog.Money} AS amount, NULL::{OrderLog.Items} AS items, NULL::TIMESTAMPTZ AS placed_at, NULL::TIMESTAMPTZ AS updated_at,
                NULL::VARCHAR AS sequence, NULL::VARCHAR AS place, NULL::TIMESTAMPTZ AS paid_at, NULL::TIMESTAMPTZ AS shipped_at, NULL::TIMESTAMPTZ AS cancelled_at WHERE false)
        """;

    /// <summary>Names of files: of a state, or of the log's days that are in it.</summary>
    public static LogSchema Names { get; } = new("number BIGINT, path VARCHAR", "*");

    /// <summary>Writes a file with names.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="number">The state's number.</param>
    /// <param name="names">The paths; their first folder is left out, which is the same for all.</param>
    public static void WriteNames(string path, long number, IReadOnlyCollection<string> names) => ParquetFile.Write(path, Names, appender =>
    {
        foreach (var name in names)
        {
            appender.CreateRow().AppendValue(number).AppendValue(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]).EndRow();
        }
    });
}

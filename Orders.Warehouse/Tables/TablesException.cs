namespace Orders.Warehouse.Tables;

/// <summary>The tables cannot be read.</summary>
/// <param name="message">What is wrong and the way out, as sentences.</param>
/// <param name="inner">The cause.</param>
internal sealed class TablesException(string message, Exception? inner = null) : Exception(message, inner);

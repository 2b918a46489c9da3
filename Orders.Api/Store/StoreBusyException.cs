namespace Orders.Api.Store;

/// <summary>DynamoDB has more to do than it can, or we have more waiting for it than we let.</summary>
internal sealed class StoreBusyException(string message, Exception? innerException = null) : Exception(message, innerException);

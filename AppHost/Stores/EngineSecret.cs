namespace Orders.AppHost.Stores;

/// <summary>
/// A password that is known only once its engine is prepared. A parameter of Aspire's would be read, and
/// remembered, before that.
/// </summary>
/// <param name="read">Reads it.</param>
internal sealed class EngineSecret(Func<string?> read) : IValueProvider, IManifestExpressionProvider
{
    /// <inheritdoc/>
    public string ValueExpression => "{postgres-password}";

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(read());
}

namespace Orders.AppHost.Stores;

/// <summary>
/// A password that is known only after its engine is prepared. Aspire would read a parameter before that,
/// and remember it.
/// </summary>
/// <param name="name">Its name, for expressions.</param>
/// <param name="read">Reads it.</param>
internal sealed class EngineSecret(string name, Func<string?> read) : IValueProvider, IManifestExpressionProvider
{
    /// <inheritdoc/>
    public string ValueExpression => $"{{{name}}}";

    /// <inheritdoc/>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(read());
}

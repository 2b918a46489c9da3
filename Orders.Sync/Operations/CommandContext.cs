using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orders.Sync.Operations;

/// <summary>What a command works with.</summary>
/// <param name="Services">The service's parts on the stores found; nothing of them runs.</param>
/// <param name="Terminal">Where it reads and writes.</param>
internal sealed record CommandContext(IServiceProvider Services, Terminal Terminal)
{
    /// <summary>Writes a result as one indented JSON document, as the operations API answers it.</summary>
    public Task WriteJsonAsync<T>(T result, JsonTypeInfo<T> type) => Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(result, type));

    /// <summary>Asks a question that only <c>y</c> or <c>yes</c> answers with yes.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        await Terminal.Error.WriteAsync($"{question} [y/N] ");
        await Terminal.Error.FlushAsync(cancellationToken);
        return await Terminal.In.ReadLineAsync(cancellationToken) is { } answer && answer.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Orders.ServiceDefaults.Commands;

/// <summary>What a command needs.</summary>
/// <param name="Services">The service's components for the stores that were found; none is running.</param>
/// <param name="Terminal">Where it reads and writes.</param>
public sealed record CommandContext(IServiceProvider Services, Terminal Terminal)
{
    /// <summary>
    /// Writes a result as one indented JSON document, in the format of the operations API.
    /// </summary>
    public Task WriteJsonAsync<T>(T result, JsonTypeInfo<T> type) => Terminal.Out.WriteLineAsync(JsonSerializer.Serialize(result, type));

    /// <summary>Asks for confirmation; only <c>y</c> or <c>yes</c> confirms.</summary>
    public async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        await Terminal.Error.WriteAsync($"{question} [y/N] ");
        await Terminal.Error.FlushAsync(cancellationToken);
        return await Terminal.In.ReadLineAsync(cancellationToken) is { } answer && answer.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Orders.Engines.Data;

namespace Orders.Engines.Processes;

/// <summary>
/// The file <c>processes.json</c> of a data folder: the engines that were started for it, so that the start
/// after a kill finds the ones left. A record that another user could have written counts for nothing.
/// </summary>
internal sealed class ProcessRecord(string folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _file = Path.Combine(folder, "processes.json");
    private readonly Lock _gate = new();
    private readonly List<ProcessIdentity> _processes = [];

    public void Add(ProcessIdentity process)
    {
        lock (_gate)
        {
            _processes.Add(process);
            OwnFile.Write(_file, JsonSerializer.SerializeToUtf8Bytes(_processes.ToArray(), ProcessRecordJson.Default.ProcessIdentityArray));
        }
    }

    /// <summary>
    /// Stops the recorded processes that provably still run, and clears the record.
    /// </summary>
    /// <returns>The number of these processes.</returns>
    public async Task<int> StopLeftoversAsync(CancellationToken cancellationToken)
    {
        var left = Read().Where(process => process.IsProven()).ToList();
        await Task.WhenAll(left.Select(process => StopAsync(process, cancellationToken)));
        File.Delete(_file);
        return left.Count;
    }

    private ProcessIdentity[] Read()
    {
        try
        {
            return OwnFile.Read(_file) is { } record ? JsonSerializer.Deserialize(record, ProcessRecordJson.Default.ProcessIdentityArray) ?? [] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static async Task StopAsync(ProcessIdentity process, CancellationToken cancellationToken)
    {
        // On SIGTERM, Postgres waits for its clients; SIGINT ends their sessions. The others accept either.
        ProcessSignals.Send(process.Pid, Native.Interrupt);
        var waited = TimeSpan.Zero;
        for (var pause = TimeSpan.FromMilliseconds(10); process.IsAlive() && waited < Patience; waited += pause)
        {
            await Task.Delay(pause, cancellationToken);
        }

        if (process.IsProven())
        {
            ProcessSignals.Send(process.Pid, Native.Kill);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProcessIdentity[]))]
internal sealed partial class ProcessRecordJson : JsonSerializerContext;

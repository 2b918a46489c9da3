using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orders.Engines.Processes;

/// <summary>
/// The file <c>processes.json</c> of a data folder: the engines that were started for it, so that the start
/// after a kill finds the ones left.
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
            var next = _file + ".new";
            File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(_processes.ToArray(), ProcessRecordJson.Default.ProcessIdentityArray));
            File.Move(next, _file, overwrite: true);
        }
    }

    /// <summary>Stops the recorded processes that still run, and clears the record.</summary>
    /// <returns>The number of these processes.</returns>
    public async Task<int> StopLeftoversAsync(CancellationToken cancellationToken)
    {
        var left = Read().Where(process => process.IsAlive()).ToList();
        await Task.WhenAll(left.Select(process => StopAsync(process, cancellationToken)));
        File.Delete(_file);
        return left.Count;
    }

    private ProcessIdentity[] Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(_file), ProcessRecordJson.Default.ProcessIdentityArray) ?? [];
        }
        catch (Exception none) when (none is IOException or JsonException)
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

        if (process.IsAlive())
        {
            ProcessSignals.Send(process.Pid, Native.Kill);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProcessIdentity[]))]
internal sealed partial class ProcessRecordJson : JsonSerializerContext;

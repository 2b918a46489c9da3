namespace Orders.Warehouse.Redshift;

/// <summary>What a load did.</summary>
/// <param name="Logs">What it did with each log.</param>
internal sealed record RedshiftLoad(IReadOnlyList<LogLoad> Logs)
{
    /// <summary>Files whose rows it loaded.</summary>
    public int Loaded => Logs.Sum(log => log.Loaded);

    /// <summary>Files that it could not load.</summary>
    public IReadOnlyList<FailedFile> Failed => [.. Logs.SelectMany(log => log.Failed)];

    /// <summary>Files whose rows are in Redshift now, of the logs of which that is known.</summary>
    public long Files => Logs.Sum(log => log.Files ?? 0);

    /// <summary>Files that are set aside, likewise.</summary>
    public long SetAside => Logs.Sum(log => log.SetAside ?? 0);

    /// <summary>Why something was not loaded; null when everything was.</summary>
    public string? Problem => Logs.Where(log => log.Problem is not null).Select(log => $"{log.Log}: {log.Problem}")
        .Concat(Failed.Select(file => $"{file.Path}: {file.Reason}")).FirstOrDefault();

    /// <summary>Whether nothing is left out.</summary>
    public bool IsComplete => Problem is null && SetAside == 0;
}

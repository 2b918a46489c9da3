namespace DynamoStreams.Listing;

/// <summary>
/// What one instance knows of its service: whether it refuses to list a shard's children alone.
/// </summary>
internal sealed class ChildFilter
{
    private volatile bool _isRefused;

    public bool IsRefused => _isRefused;

    public void Refused() => _isRefused = true;
}

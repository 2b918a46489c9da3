namespace DynamoStreams.Listing;

/// <summary>
/// Remembers whether the service rejects ShardFilter.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/ShardFilter"/>
/// </summary>
internal sealed class ChildFilter
{
    private volatile bool _isRefused;

    public bool IsRefused => _isRefused;

    public void Refused() => _isRefused = true;
}

namespace DynamoStreams.Testing;

/// <summary>What a Streams API does with a ShardFilter.</summary>
public enum FilterSupport
{
    /// <summary>As the service does.</summary>
    Answers,

    /// <summary>As dynoxide does: every shard is listed.</summary>
    Ignores,

    /// <summary>As DynamoDB Local did before 3.2.0: a ValidationException.</summary>
    Refuses,
}

namespace DynamoStreams.Testing;

/// <summary>
/// How a Streams API reacts to a ShardFilter.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/ShardFilter"/>
/// </summary>
public enum FilterSupport
{
    /// <summary>As the service does.</summary>
    Answers,

    /// <summary>As dynoxide does: every shard is listed.</summary>
    Ignores,

    /// <summary>As DynamoDB Local did before 3.2.0: a ValidationException.</summary>
    Refuses,
}

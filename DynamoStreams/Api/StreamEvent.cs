namespace DynamoStreams.Api;

/// <summary>
/// What happened to an item.
/// <see href="https://docs.aws.amazon.com/goto/WebAPI/streams-dynamodb-2012-08-10/Record"/>
/// </summary>
public enum StreamEvent
{
    /// <summary>It was inserted: there is no old image.</summary>
    Insert,

    /// <summary>
    /// It was changed. The service writes no record for a write that changes nothing; an emulator does.
    /// <see href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html"/>
    /// </summary>
    Modify,

    /// <summary>It was deleted: there is no new image.</summary>
    Remove,
}

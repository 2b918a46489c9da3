using DynamoStreams.Api;

namespace DynamoStreams.Reading;

/// <summary>A page that the reader passes to the applying loop.</summary>
/// <param name="Page">Its records.</param>
/// <param name="Reserved">The bytes that it reserves in the budget.</param>
/// <param name="EndsShard">Whether the shard has certainly ended with it.</param>
/// <param name="EmptyBefore">When the last poll before this page that had nothing more was sent; null when
/// there was none.</param>
internal readonly record struct ReadPage(RecordPage Page, int Reserved, bool EndsShard, long? EmptyBefore);

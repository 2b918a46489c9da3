using DynamoStreams.Api;

namespace DynamoStreams.Reading;

/// <summary>A page on its way from the reader to the one who applies.</summary>
/// <param name="Page">Its records.</param>
/// <param name="Reserved">What it holds of the budget.</param>
/// <param name="EndsShard">Whether the shard has certainly ended with it.</param>
/// <param name="EmptyBefore">When it was last asked, before this page, for what was answered with nothing
/// more; null when it never was.</param>
internal readonly record struct ReadPage(RecordPage Page, int Reserved, bool EndsShard, long? EmptyBefore);

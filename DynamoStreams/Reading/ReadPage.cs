using DynamoStreams.Api;

namespace DynamoStreams.Reading;

/// <summary>A page on its way from the reader to the one who applies.</summary>
/// <param name="Page">Its records.</param>
/// <param name="Reserved">What it holds of the budget.</param>
/// <param name="EndsShard">Whether the shard has certainly ended with it.</param>
internal readonly record struct ReadPage(RecordPage Page, int Reserved, bool EndsShard);

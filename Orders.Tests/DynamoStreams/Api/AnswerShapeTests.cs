using System.Text;
using DynamoStreams.Api;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Api;

/// <summary>
/// What is no answer of an operation is a failure of the service: it is never taken for nothing, or for the
/// end.
/// </summary>
public sealed class AnswerShapeTests
{
    private const string Record = """{"eventName":"INSERT","dynamodb":{"Keys":{"pk":{"S":"a"}},"SequenceNumber":"1"}}""";
    private const string Description = """{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[{"ShardId":"s","SequenceNumberRange":{}}]}""";

    private static readonly Dictionary<string, Action<byte[]>> Readers = new(StringComparer.Ordinal)
    {
        ["ListStreams"] = json => StreamsAnswers.ReadStreams(json, []),
        ["DescribeStream"] = json => StreamsAnswers.ReadDescription(json),
        ["GetShardIterator"] = json => StreamsAnswers.ReadIterator(json),
        ["GetRecords"] = json => RecordsAnswer.Read(json, []).Dispose(),
    };

    public static MatrixTheoryData<string, string> Nonsense { get; } = new(
        ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"],
        [
            "", " ", "{}", "[]", "null", "0", "true", "\"ok\"", "<html><body>502 Bad Gateway</body></html>", "{", "{\"Records\":[", "{\"Streams\":[{", "[{}]",
            """{"message":"ok"}""", """{"Records":null,"Streams":null,"StreamDescription":null,"ShardIterator":null}""",
            """{"Records":{},"Streams":{},"StreamDescription":[],"ShardIterator":[]}""", """{"Records":"","Streams":"","StreamDescription":"","ShardIterator":""}""",
            """{"Records":0,"Streams":0,"StreamDescription":0,"ShardIterator":0}""", """{"Records":[1],"Streams":[1],"StreamDescription":{},"ShardIterator":{}}""",
            """{"Records":[null],"Streams":[null],"StreamDescription":{"Shards":[]}}""", """{"Records":[{}],"Streams":[{}],"StreamDescription":{"StreamStatus":"ENABLED"}}""",
            """{"NextShardIterator":"next"}""", """{"Records":[],"Streams":[],"ShardIterator":"i","StreamDescription":{}} and more""",
        ]);

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_is_malformed_whatever_was_asked(string operation, string json) => IsMalformed(operation, json);

    [Theory]
    [InlineData("ListStreams", """{"Streams":[{"StreamArn":"a"}]}""")]
    [InlineData("ListStreams", """{"Streams":[{"StreamLabel":"a"}]}""")]
    [InlineData("ListStreams", """{"Streams":[{"StreamArn":"","StreamLabel":"a"}]}""")]
    [InlineData("ListStreams", """{"Streams":[{"StreamArn":1,"StreamLabel":"a"}]}""")]
    [InlineData("ListStreams", """{"Streams":[],"LastEvaluatedStreamArn":1}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"GONE","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","Shards":[]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES"}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[{}]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":["s"]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[{"ShardId":"s","ParentShardId":1}]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[{"ShardId":"s","SequenceNumberRange":1}]}}""")]
    [InlineData("DescribeStream", """{"StreamDescription":{"StreamStatus":"ENABLED","StreamViewType":"NEW_AND_OLD_IMAGES","Shards":[],"LastEvaluatedShardId":[]}}""")]
    [InlineData("GetRecords", """{"Records":[],"NextShardIterator":""}""")]
    [InlineData("GetRecords", """{"Records":[],"NextShardIterator":1}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT"}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":[]}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{}}}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":""}}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"12x"}}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":12}}]}""")]
    [InlineData("GetRecords", """{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1"}}]""")]
    public void So_is_an_answer_with_a_member_that_is_missing_or_of_another_kind(string operation, string json) => IsMalformed(operation, json);

    [Theory]
    [InlineData("""{"eventName":"EXPLODE","dynamodb":{"Keys":{},"SequenceNumber":"1"}}""")]
    [InlineData("""{"eventName":1,"dynamodb":{"Keys":{},"SequenceNumber":"1"}}""")]
    [InlineData("""{"dynamodb":{"Keys":{},"SequenceNumber":"1"}}""")]
    [InlineData("""{"eventName":"INSERT","dynamodb":{"SequenceNumber":"1"}}""")]
    [InlineData("""{"eventName":"INSERT","dynamodb":{"Keys":"a","SequenceNumber":"1"}}""")]
    [InlineData("""{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1","NewImage":[]}}""")]
    [InlineData("""{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1","ApproximateCreationDateTime":1E20}}""")]
    [InlineData("""{"eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1","ApproximateCreationDateTime":1E300}}""")]
    [InlineData("""{"eventID":"\uD800","eventName":"INSERT","dynamodb":{"Keys":{},"SequenceNumber":"1"}}""")]
    public void A_record_that_cannot_be_decoded_spoils_no_other_of_its_page_when_it_has_a_sequence_number(string broken)
    {
        using var page = RecordsAnswer.Read(Encoding.UTF8.GetBytes($$"""{"Records":[{{Record}},{{broken}},{{Record}}],"NextShardIterator":"next"}"""), []);

        page.Records.Select(record => record.Undecodable is null).ShouldBe([true, false, true]);
        var record = page.Records[1];
        (record.SequenceNumber, Encoding.UTF8.GetString(record.Json.Span)).ShouldBe(("1", broken));
        record.Undecodable.ShouldNotBeEmpty();
        page.NextShardIterator.ShouldBe("next");
        StreamRecord.Parse(record.Json).Undecodable.ShouldBe(record.Undecodable);
    }

    [Theory]
    [InlineData("ListStreams", """{"Streams":[]}""")]
    [InlineData("ListStreams", """{"Streams":[{"StreamArn":"a","StreamLabel":"l","TableName":"t"}],"LastEvaluatedStreamArn":"a"}""")]
    [InlineData("DescribeStream", $$"""{"StreamDescription":{{Description}}}""")]
    [InlineData("GetShardIterator", """{"ShardIterator":"i"}""")]
    [InlineData("GetRecords", """{"Records":[]}""")]
    [InlineData("GetRecords", $$"""{"NextShardIterator":null,"Records":[{{Record}},{{Record}}],"MillisBehindLatest":0}""")]
    public void A_whole_answer_is_read(string operation, string json) => Should.NotThrow(() => Readers[operation](Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData(404, "<html>no such page</html>", StreamsFailure.Malformed)]
    [InlineData(400, "{}", StreamsFailure.Malformed)]
    [InlineData(400, "[]", StreamsFailure.Malformed)]
    [InlineData(400, """{"__type":5}""", StreamsFailure.Malformed)]
    [InlineData(403, """{"message":"blocked"}""", StreamsFailure.Malformed)]
    [InlineData(204, "", StreamsFailure.Malformed)]
    [InlineData(502, "<html>bad gateway</html>", StreamsFailure.Unavailable)]
    [InlineData(503, "{}", StreamsFailure.Unavailable)]
    [InlineData(400, """{"__type":"com.amazon.coral.validate#ValidationException","message":"unknown member"}""", StreamsFailure.Invalid)]
    [InlineData(400, """{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}""", StreamsFailure.NotFound)]
    public void An_error_is_of_the_kind_that_its_type_says_and_without_one_the_services_fault(int status, string json, StreamsFailure expected) =>
        StreamsAnswers.ReadError(Encoding.UTF8.GetBytes(json), status).Failure.ShouldBe(expected);

    [Theory]
    [InlineData("9", "10", -1)]
    [InlineData("10", "9", 1)]
    [InlineData("007", "7", 0)]
    [InlineData("442158450000000001745043909", "442158450000000001745043910", -1)]
    public void Sequence_numbers_are_compared_as_numbers(string a, string b, int expected) => Math.Sign(SequenceNumber.Compare(a, b)).ShouldBe(expected);

    private static void IsMalformed(string operation, string json)
    {
        var failed = Should.Throw<StreamsException>(() => Readers[operation](Encoding.UTF8.GetBytes(json)));
        failed.Failure.ShouldBe(StreamsFailure.Malformed);
        failed.IsTransient.ShouldBeTrue();
    }
}

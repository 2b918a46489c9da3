using System.Text;
using DynamoStreams.Api;
using Shouldly;
using Xunit;

namespace Orders.Tests.DynamoStreams.Api;

public sealed class RecordsAnswerTests
{
    [Fact]
    public void Reads_every_member_that_matters_and_passes_over_the_rest()
    {
        using var page = Read(
            """
            {"Records":[{"eventID":"e1","eventName":"MODIFY","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"eu-west-1","later":{"x":[1]},
              "dynamodb":{"ApproximateCreationDateTime":1.79521035E9,"Keys":{"pk":{"S":"a"}},"NewImage":{"pk":{"S":"a"},"n":{"N":"2"}},"OldImage":{"pk":{"S":"a"}},
              "SequenceNumber":"4421584500000000017450439091","SizeBytes":59,"StreamViewType":"NEW_AND_OLD_IMAGES"}}],
             "NextShardIterator":"next"}
            """);

        page.NextShardIterator.ShouldBe("next");
        var record = page.Records.ShouldHaveSingleItem();
        record.EventId.ShouldBe("e1");
        record.Event.ShouldBe(StreamEvent.Modify);
        record.SequenceNumber.ShouldBe("4421584500000000017450439091");
        Text(record.Keys).ShouldBe("""{"pk":{"S":"a"}}""");
        Text(record.NewImage).ShouldBe("""{"pk":{"S":"a"},"n":{"N":"2"}}""");
        Text(record.OldImage).ShouldBe("""{"pk":{"S":"a"}}""");
        record.ApproximateCreation.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1795210350));
        record.IsTimeToLive.ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"Type":"Service","PrincipalId":"dynamodb.amazonaws.com"}""", true)]
    [InlineData("""{"type":"Service","principalId":"dynamodb.amazonaws.com"}""", true)]
    [InlineData("""{"Type":"User","PrincipalId":"dynamodb.amazonaws.com"}""", false)]
    [InlineData("null", false)]
    public void Tells_a_removal_by_time_to_live_from_a_users(string identity, bool expected)
    {
        using var page = Read($$$"""{"Records":[{"eventID":"1","eventName":"REMOVE","userIdentity":{{{identity}}},"dynamodb":{"Keys":{"pk":{"S":"a"}},"SequenceNumber":"1"}}]}""");

        page.Records[0].IsTimeToLive.ShouldBe(expected);
        page.NextShardIterator.ShouldBeNull();
    }

    [Fact]
    public void An_item_may_nest_as_deep_as_the_service_allows_in_a_page_and_in_a_record_that_was_kept()
    {
        var value = """{"S":"x"}""";
        for (var level = 0; level < 32; level++)
        {
            value = level % 2 == 0 ? $$$"""{"M":{"m":{{{value}}}}}""" : $$"""{"L":[{{value}}]}""";
        }

        using var page = Read(
            $$$"""{"Records":[{"eventName":"MODIFY","dynamodb":{"Keys":{"pk":{"S":"a"}},"NewImage":{"deep":{{{value}}}},"OldImage":{"deep":{{{value}}}},"SequenceNumber":"1"}}]}""");

        Text(page.Records[0].NewImage).ShouldContain(value);
        Text(StreamRecord.Parse(page.Records[0].Json).OldImage).ShouldContain(value);
    }

    private static RecordPage Read(string json) => RecordsAnswer.Read(Encoding.UTF8.GetBytes(json), []);

    private static string Text(ReadOnlyMemory<byte> slice) => Encoding.UTF8.GetString(slice.Span);
}

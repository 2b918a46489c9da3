using Amazon.DynamoDBv2.Model;
using Orders.Api.Store;
using Orders.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Store;

public sealed class WriteMarksTests
{
    [Theory]
    [InlineData("2:mine", true)]
    [InlineData("4:c 3:b 2:mine", true)]
    [InlineData("2:a", false)]
    [InlineData("4:c 3:b 2:a", false)]
    [InlineData("12:a", null)]
    [InlineData(null, null)]
    [InlineData("5:d 4:c 3:b", null)]
    public void A_write_is_told_by_its_mark_as_long_as_a_mark_of_its_version_is_kept(string? marks, bool? told) =>
        Of(marks).Tell("2:mine").ShouldBe(told);

    [Fact]
    public void The_newest_three_are_kept() =>
        (Of(null).With("2:a"), Of("2:a").With("3:b"), Of("4:c 3:b 2:a").With("5:d")).ShouldBe(("2:a", "3:b 2:a", "5:d 4:c 3:b"));

    [Fact]
    public void A_mark_is_of_one_write_and_a_few_bytes_long()
    {
        WriteMarks.New(2).ShouldStartWith("2:");
        WriteMarks.New(2).ShouldNotBe(WriteMarks.New(2));
        WriteMarks.New(2).Length.ShouldBe(10);
        WriteMarks.New(2).ShouldNotContain(" ");
    }

    private static WriteMarks Of(string? marks)
    {
        var item = new Dictionary<string, AttributeValue>(StringComparer.Ordinal);
        if (marks is not null)
        {
            item[OrderAttributes.WriteIds] = new() { S = marks };
        }

        return WriteMarks.Of(item);
    }
}

using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Amazon.DynamoDBv2.Model;
using Orders.Domain;
using Orders.Domain.Item;
using Shouldly;

namespace Orders.Tests.OtherWriters;

/// <summary>
/// What an item says, found out without the code that is tested: an order that is read from it says the
/// same, to the digit, and is never read from an ambiguous value.
/// </summary>
internal static partial class AsPut
{
    public static void ShouldSayWhatWasPut(this Order order, Dictionary<string, AttributeValue> item)
    {
        order.OrderId.ShouldBe(Guid.Parse(item[OrderAttributes.OrderId].S, CultureInfo.InvariantCulture));
        order.MerchantId.ShouldBe(item[OrderAttributes.MerchantId].S);
        order.CustomerId.ShouldBe(item.GetValueOrDefault(OrderAttributes.CustomerId)?.S);
        order.Currency.Code.ShouldBe(item[OrderAttributes.Currency].S);
        Number(order.Version).ShouldBe(Number(item[OrderAttributes.Version].N));
        Number(order.Amount).ShouldBe(Number(item[OrderAttributes.Amount].N));
        order.Amount.ShouldBeGreaterThan(0);
        order.PlacedAt.ShouldBe(Time(item[OrderAttributes.PlacedAt].S));
        order.UpdatedAt.ShouldBe(Time(item[OrderAttributes.UpdatedAt].S));
        var lines = item.GetValueOrDefault(OrderAttributes.Items)?.L ?? [];
        order.Items.Count.ShouldBe(lines.Count);
        foreach (var (read, put) in order.Items.Zip(lines))
        {
            (read.ProductId, read.ProductName).ShouldBe((put.M[OrderAttributes.ProductId].S, put.M[OrderAttributes.ProductName].S));
            Number(read.Quantity).ShouldBe(Number(put.M[OrderAttributes.Quantity].N));
            Number(read.UnitPrice).ShouldBe(Number(put.M[OrderAttributes.UnitPrice].N));
            read.UnitPrice.ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    private static (BigInteger Digits, int Exponent) Number(decimal number) => Number(number.ToString(CultureInfo.InvariantCulture));

    // One spelling for each number: its digits without zeros at the end, and the power of ten.
    private static (BigInteger Digits, int Exponent) Number(string text)
    {
        var parts = Digits().Match(text);
        parts.Success.ShouldBeTrue(text);
        var fraction = parts.Groups["fraction"].Value;
        var digits = BigInteger.Parse(parts.Groups["whole"].Value + fraction, CultureInfo.InvariantCulture);
        var exponent = (parts.Groups["exponent"] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : 0) - fraction.Length;
        for (; !digits.IsZero && digits % 10 == 0; exponent++)
        {
            digits /= 10;
        }

        return (digits, digits.IsZero ? 0 : exponent);
    }

    private static DateTimeOffset Time(string text)
    {
        var parts = DateAndTime().Match(text);
        parts.Success.ShouldBeTrue($"'{text}' is no time that can be read in one way only");
        var milliseconds = parts.Groups["fraction"].Value.PadRight(3, '0')[..3];
        var offset = parts.Groups["offset"].Value is "Z" ? "+00:00" : parts.Groups["offset"].Value;
        var second = parts.Groups["second"].Value;
        var time = DateTimeOffset.ParseExact(
            $"{parts.Groups["date"].Value} {parts.Groups["minute"].Value}:{(second == "60" ? "59" : second)}.{milliseconds} {offset}", "yyyy-MM-dd HH:mm:ss.fff zzz", CultureInfo.InvariantCulture);
        return second == "60" ? time.AddSeconds(1) : time;
    }

    [GeneratedRegex(@"^(?<whole>-?\d+)(\.(?<fraction>\d+))?([eE](?<exponent>[-+]?\d+))?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Digits();

    [GeneratedRegex(
        @"^(?<date>\d{4}-\d\d-\d\d)[T ](?<minute>\d\d:\d\d):(?<second>\d\d)(\.(?<fraction>\d+))?(?<offset>Z|[-+]\d\d:\d\d)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex DateAndTime();
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using DynamoStreams.Api;
using Orders.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Fuzz;

/// <summary>
/// Spoilt pages of a stream, read by the decoder and by a second reader that shares nothing with it: nothing
/// crashes, no page is taken for a shorter one, and no record for half of one.
/// </summary>
public sealed class StreamPageTests(ITestOutputHelper output)
{
    // A page costs a hundredth of a request.
    private const int PagesOfARequest = 20;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    [Fact]
    public void A_spoilt_page_is_refused_whole_or_read_as_it_stands()
    {
        var settings = FuzzSettings.Read();
        var (whole, refused, broken, orders) = (0, 0, 0, 0);
        foreach (var number in settings.At is null ? Enumerable.Range(0, settings.Requests * PagesOfARequest) : settings.Numbers)
        {
            var bytes = new StreamPages(settings.RandomOf(number)).Next();
            try
            {
                using var page = Read(bytes);
                if (page is null)
                {
                    refused++;
                    continue;
                }

                whole++;
                broken += page.Records.Count(record => record.Undecodable is not null);
                orders += Compare(page, bytes);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"ORDERS_FUZZ_SEED={settings.Seed} ORDERS_FUZZ_AT={number}: {failure.Message}\n{Encoding.UTF8.GetString(bytes)}", failure);
            }
        }

        output.WriteLine($"ORDERS_FUZZ_SEED={settings.Seed}: {whole} pages read, with {broken} records set aside and {orders} orders, {refused} pages refused");
        (whole > 0 && refused > 0).ShouldBeTrue();
    }

    // The page; null when the decoder refuses it, which is the only way to refuse.
    private static RecordPage? Read(byte[] bytes)
    {
        try
        {
            return RecordsAnswer.Read(bytes, []);
        }
        catch (StreamsException failure) when (failure.Failure == StreamsFailure.Malformed)
        {
            return null;
        }
    }

    // Each record is one of the page's own, in its order, with all of its parts.
    private static int Compare(RecordPage page, byte[] bytes)
    {
        using var second = JsonDocument.Parse(bytes, Deep);
        var records = second.RootElement.GetProperty("Records").EnumerateArray().ToList();
        page.Records.Count.ShouldBe(records.Count);
        var orders = 0;
        foreach (var (record, own) in page.Records.Zip(records))
        {
            Same(record.Json, own);
            var change = own.GetProperty("dynamodb");
            record.SequenceNumber.ShouldBe(change.GetProperty("SequenceNumber").GetString());
            if (record.Undecodable is not null)
            {
                continue;
            }

            $"{record.Event}".ToUpperInvariant().ShouldBe(own.GetProperty("eventName").GetString());
            Same(record.Keys, change, "Keys");
            Same(record.NewImage, change, "NewImage");
            Same(record.OldImage, change, "OldImage");
            // What the projection does with an image: an order, or a reason why it is none.
            orders += !record.NewImage.IsEmpty && OrderItem.TryRead(record.NewImage.Span, out var _, out ItemFault? _) ? 1 : 0;
        }

        return orders;
    }

    private static void Same(ReadOnlyMemory<byte> image, JsonElement change, string name) =>
        Same(image, change.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : default);

    // Byte by byte: it need not even be text.
    private static void Same(ReadOnlyMemory<byte> part, JsonElement own) =>
        part.Span.SequenceEqual(own.ValueKind == JsonValueKind.Undefined ? default : JsonMarshal.GetRawUtf8Value(own)).ShouldBeTrue();
}

using System.Text;
using Orders.Api.Body;
using Orders.Api.Place;
using Orders.Domain;
using Shouldly;
using Xunit;

namespace Orders.Tests.Api.Place;

public sealed class OrderRequestReaderTests
{
    private const string Line = """{"product_id":"tea","product_name":"Tea","quantity":2,"unit_price":50}""";

    // The rest of a good order, for a test that is about one field.
    private const string Who = "\"merchant_id\":\"merchant-102\",\"currency\":\"INR\"";

    [Fact]
    public void An_order_by_its_amount_is_read()
    {
        var request = Read("""{"merchant_id": "merchant-102", "amount": 200.00, "currency": "INR"}""");

        (request.MerchantId, request.Order.CustomerId, request.Order.Currency.Code, $"{request.Order.Amount}").ShouldBe(("merchant-102", null, "INR", "200.00"));
        request.Order.Items.ShouldBeEmpty();
    }

    [Fact]
    public void An_order_by_its_items_costs_what_they_add_up_to()
    {
        var request = Read(
            """
            {"items":[{"unit_price":50.5,"quantity":2,"product_name":"Crème ☕","product_id":"tea"},{"product_id":"gift","product_name":"Gift","quantity":1.0,"unit_price":0}],
             "customer_id":"customer-7","currency":"INR","merchant_id":"merchant-102"}
            """);

        ($"{request.Order.Amount}", request.Order.CustomerId).ShouldBe(("101.00", "customer-7"));
        request.Order.Items.ShouldBe([new OrderLine(1, "tea", "Crème ☕", 2, 50.50m), new OrderLine(2, "gift", "Gift", 1, 0.00m)]);
        $"{request.Order.Items[0].UnitPrice}".ShouldBe("50.50");
    }

    [Fact]
    public void Amount_and_items_that_agree_are_read() => Read($$"""{{{Who}},"amount":1e2,"items":[{{Line}}]}""").Order.Amount.ShouldBe(100);

    [Theory]
    [InlineData("\"customer_id\":null,\"amount\":5")]
    [InlineData("\"items\":null,\"amount\":5")]
    public void An_explicit_null_is_as_good_as_nothing(string fields) => Read($$"""{{{Who}},{{fields}}}""").Order.Amount.ShouldBe(5);

    [Theory]
    [InlineData("JPY", "500", "500")]
    [InlineData("JPY", "500.0", "500")]
    [InlineData("KWD", "1.5", "1.500")]
    [InlineData("CLF", "0.0001", "0.0001")]
    [InlineData("INR", "999999999999.99", "999999999999.99")]
    [InlineData("INR", "0.010000000000000000000000000000000000", "0.01")]
    public void An_amount_is_kept_to_the_digit(string currency, string amount, string kept) =>
        $"{Read($$"""{"merchant_id":"m","currency":"{{currency}}","amount":{{amount}}}""").Order.Amount}".ShouldBe(kept);

    [Theory]
    [InlineData("", "is missing")]
    [InlineData(" \r\n\t", "is missing")]
    [InlineData("null", "must be a JSON object")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("\"order\"", "must be a JSON object")]
    [InlineData("amount=200", "cannot be read as JSON: 'a' begins no value: that is an object, a list, a number, true, false, null, or a text in double quotes, at line 1, byte 1")]
    [InlineData("{\n\"merchant_id\": }", "at line 2, byte 16")]
    [InlineData("{\"merchant_id\":\"m\"", "at line 1, byte 19")]
    [InlineData("{} {}", "something stands behind its end, at line 1, byte 4")]
    [InlineData("{}x", "at line 1, byte 3")]
    [InlineData("{\"amount\":1,}", "a comma stands before '}', at line 1, byte 13")]
    [InlineData("{\"items\":[1,]}", "a comma stands before ']', at line 1, byte 13")]
    [InlineData("{\"amount\":01}", "leading zero")]
    [InlineData("{\"amount\":1.}", "a number cannot go on with '}'")]
    [InlineData("{\"amount\":1x}", "a number cannot go on with 'x'")]
    [InlineData("{\"amount\":-}", "a number cannot go on with '}'")]
    [InlineData("{\"amount\":tru}", "'}' makes a word that is none of true, false and null")]
    [InlineData("{'amount':1}", "a name in double quotes is expected, not '\''")]
    [InlineData("{amount:1}", "a name in double quotes is expected, not 'a'")]
    [InlineData("{\"amount\" 1}", "a colon is expected behind a name, not '1'")]
    [InlineData("{\"amount\":1 \"currency\":2}", "a comma or the end is expected behind a value, not '\"'")]
    [InlineData("{\"amount\":1]", "']' closes what is not open")]
    [InlineData("{\"merchant_id\":\"a", "it ends before what it begins is closed")]
    [InlineData("{", "it ends before what it begins is closed")]
    [InlineData("{\"merchant_id\":\"\\x\"}", "'x' makes no escape")]
    [InlineData("{\"merchant_id\":\"\\u00g0\"}", "'g' is no hexadecimal digit of \\u")]
    [InlineData("{\"amount\":\u00e9}", "'\u00e9' begins no value")]
    [InlineData("{\"amount\":\u001f}", "the control character 0x1F begins no value")]
    [InlineData("{\"amount\":NaN}", "at line 1, byte 11")]
    [InlineData("{\"merchant_id\":\"a\u0000b\"}", "a text holds the control character 0x00: write it as an escape")]
    [InlineData("{\"merchant_id\":\"a\nb\"}", "a text holds the control character 0x0A: write it as an escape")]
    [InlineData("{/* no */}", "at line 1, byte 2")]
    [InlineData("{\"x\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}", "it nests deeper than 16 levels")]
    public void A_body_that_is_no_JSON_object_is_refused_with_the_place(string body, string message) => Errors(body)["body"].ShouldHaveSingleItem().ShouldContain(message);

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        OrderRequestReader.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes($$"""{{{Who}},"amount":5}""")]).Value.ShouldNotBeNull();

    [Theory]
    [InlineData("merchant_id", "\"currency\":\"INR\",\"amount\":5", "is required")]
    [InlineData("merchant_id", "\"merchant_id\":null,\"currency\":\"INR\",\"amount\":5", "is required")]
    [InlineData("merchant_id", "\"merchant_id\":7,\"currency\":\"INR\",\"amount\":5", "must be a string")]
    [InlineData("merchant_id", "\"merchant_id\":{\"id\":1},\"currency\":\"INR\",\"amount\":5", "must be a string")]
    [InlineData("merchant_id", "\"merchant_id\":\"\",\"currency\":\"INR\",\"amount\":5", "must not be empty")]
    [InlineData("merchant_id", "\"merchant_id\":\"a b\",\"currency\":\"INR\",\"amount\":5", "letters, digits")]
    [InlineData("merchant_id", "\"merchant_id\":\"a#b\",\"currency\":\"INR\",\"amount\":5", "letters, digits")]
    [InlineData("merchant_id", "\"merchant_id\":\"a\\u0000b\",\"currency\":\"INR\",\"amount\":5", "control characters")]
    [InlineData("merchant_id", "\"merchant_id\":\"a\\ud800\",\"currency\":\"INR\",\"amount\":5", "not valid Unicode")]
    [InlineData("merchant_id", "\"merchant_id\":\"m\",\"merchant_id\":\"m\",\"currency\":\"INR\",\"amount\":5", "more than once")]
    [InlineData("customer_id", Who + ",\"amount\":5,\"customer_id\":\"a/b\"", "letters, digits")]
    [InlineData("customer_id", Who + ",\"amount\":5,\"customer_id\":true", "must be a string")]
    [InlineData("customer_id", Who + ",\"amount\":5,\"customer_id\":\"c\",\"customer_id\":null", "more than once")]
    [InlineData("currency", "\"merchant_id\":\"m\",\"amount\":5", "is required")]
    [InlineData("currency", "\"merchant_id\":\"m\",\"amount\":5,\"currency\":\"inr\"", "ISO 4217")]
    [InlineData("currency", "\"merchant_id\":\"m\",\"amount\":5,\"currency\":\"XXX\"", "ISO 4217")]
    [InlineData("currency", "\"merchant_id\":\"m\",\"amount\":5,\"currency\":\"\"", "must not be empty")]
    [InlineData("currency", "\"merchant_id\":\"m\",\"amount\":5,\"currency\":356", "must be a string")]
    [InlineData("currency", Who + ",\"amount\":5,\"currency\":\"EUR\"", "more than once")]
    [InlineData("amount", Who, "is required when there are no items")]
    [InlineData("amount", Who + ",\"amount\":null", "is required when there are no items")]
    [InlineData("amount", Who + ",\"amount\":\"200.00\"", "must be a number, not a string")]
    [InlineData("amount", Who + ",\"amount\":[200]", "must be a number")]
    [InlineData("amount", Who + ",\"amount\":true", "must be a number")]
    [InlineData("amount", Who + ",\"amount\":0", "more than 0")]
    [InlineData("amount", Who + ",\"amount\":-0.00", "more than 0")]
    [InlineData("amount", Who + ",\"amount\":-1", "more than 0")]
    [InlineData("amount", Who + ",\"amount\":1.005", "INR has 2")]
    [InlineData("amount", "\"merchant_id\":\"m\",\"amount\":1.5,\"currency\":\"JPY\"", "JPY has 0")]
    [InlineData("amount", "\"amount\":1.0001,\"merchant_id\":\"m\",\"currency\":\"KWD\"", "KWD has 3")]
    [InlineData("amount", Who + ",\"amount\":1000000000000", "at most 999999999999.9999")]
    [InlineData("amount", Who + ",\"amount\":1e28", "at most 999999999999.9999")]
    [InlineData("amount", Who + ",\"amount\":1e125", "must be at most 999999999999.9999")]
    [InlineData("amount", Who + ",\"amount\":1e400", "must be at most 999999999999.9999")]
    [InlineData("amount", Who + ",\"amount\":-1e400", "must be more than 0")]
    [InlineData("amount", Who + ",\"amount\":999999999999.00000000000000000000000001", "more digits than can be kept")]
    [InlineData("amount", Who + ",\"amount\":1e-400", "more digits than can be kept")]
    [InlineData("amount", Who + ",\"amount\":0.30000000000000000000000000000004", "more digits than can be kept")]
    [InlineData("amount", Who + ",\"amount\":12345678901234567890.123456789", "must be at most 999999999999.9999")]
    [InlineData("amount", Who + ",\"amount\":5,\"amount\":5", "more than once")]
    [InlineData("amount", Who + ",\"amount\":99.99,\"items\":[" + Line + "]", "is 99.99, but the items add up to 100.00")]
    [InlineData("items", Who + ",\"items\":[]", "at least one line")]
    [InlineData("items", Who + ",\"amount\":5,\"items\":[]", "at least one line")]
    [InlineData("items", Who + ",\"amount\":5,\"items\":{}", "must be a list")]
    [InlineData("items", Who + ",\"amount\":5,\"items\":\"tea\"", "must be a list")]
    [InlineData("items", Who + ",\"items\":[" + Line + "],\"items\":[" + Line + "]", "more than once")]
    [InlineData("items", Who + ",\"items\":[{\"product_id\":\"a\",\"product_name\":\"A\",\"quantity\":1,\"unit_price\":0}]", "add up to 0.00")]
    [InlineData("items", Who + ",\"items\":[{\"product_id\":\"a\",\"product_name\":\"A\",\"quantity\":1000000,\"unit_price\":999999999999}]", "add up to 999999999999000000.00")]
    [InlineData("colour", Who + ",\"amount\":5,\"colour\":\"red\"", "is not a field of an order")]
    [InlineData("Amount", Who + ",\"amount\":5,\"Amount\":5", "is not a field of an order")]
    [InlineData("order_id", Who + ",\"amount\":5,\"order_id\":{\"a\":[1,{\"b\":2}]}", "is not a field of an order")]
    [InlineData("", Who + ",\"amount\":5,\"\":1", "is not a field of an order")]
    [InlineData("\ufffd", Who + ",\"amount\":5,\"\\udc00\":1", "is not a field of an order")]
    [InlineData("amount", Who + ",\"amount\":5,\"am\\u006funt\":5", "is given more than once")]
    public void A_bad_field_is_named(string field, string fields, string message)
    {
        var errors = Errors($$"""{{{fields}}}""");

        errors.Keys.ShouldBe([field]);
        errors[field].ShouldContain(text => text.Contains(message, StringComparison.Ordinal), string.Join("; ", errors[field]));
    }

    [Theory]
    [InlineData("items[1]", "7", "must be an object")]
    [InlineData("items[1]", "null", "must be an object")]
    [InlineData("items[1]", "[[]]", "must be an object")]
    [InlineData("items[1].product_id", """{"product_name":"Tea","quantity":2,"unit_price":50}""", "is required")]
    [InlineData("items[1].product_id", """{"product_id":"a b","product_name":"Tea","quantity":2,"unit_price":50}""", "letters, digits")]
    [InlineData("items[1].product_id", """{"product_id":17,"product_name":"Tea","quantity":2,"unit_price":50}""", "must be a string")]
    [InlineData("items[1].product_id", """{"product_id":"a","product_id":"a","product_name":"Tea","quantity":2,"unit_price":50}""", "more than once")]
    [InlineData("items[1].product_name", """{"product_id":"a","quantity":2,"unit_price":50}""", "is required")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"","quantity":2,"unit_price":50}""", "must not be empty")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":" \u00a0 ","quantity":2,"unit_price":50}""", "must not be empty")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"a\u0000b","quantity":2,"unit_price":50}""", "control characters")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"a\nb","quantity":2,"unit_price":50}""", "control characters")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"a\u0085b","quantity":2,"unit_price":50}""", "control characters")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"\ud83d","quantity":2,"unit_price":50}""", "not valid Unicode")]
    [InlineData("items[1].product_name", """{"product_id":"a","product_name":"\ude00\ud83d","quantity":2,"unit_price":50}""", "not valid Unicode")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","unit_price":50}""", "is required")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":0,"unit_price":50}""", "whole number from 1 to 1000000")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":-2,"unit_price":50}""", "whole number")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":1.5,"unit_price":50}""", "whole number")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":1000001,"unit_price":50}""", "whole number")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":1e20,"unit_price":50}""", "whole number")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":"2","unit_price":50}""", "must be a number, not a string")]
    [InlineData("items[1].quantity", """{"product_id":"a","product_name":"Tea","quantity":2,"quantity":2,"unit_price":50}""", "more than once")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2}""", "is required")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":-0.01}""", "less than 0")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":"50"}""", "must be a number, not a string")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":0.001}""", "INR has 2")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":1e400}""", "must be at most 999999999999.9999")]
    [InlineData("items[1].unit_price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":1000000000000}""", "at most")]
    [InlineData("items[1].price", """{"product_id":"a","product_name":"Tea","quantity":2,"unit_price":50,"price":[1]}""", "is not a field of a line")]
    public void A_bad_field_of_a_line_is_named_with_its_place(string field, string line, string message)
    {
        var errors = Errors($$"""{{{Who}},"items":[{{Line}},{{line}},{{Line}}]}""");

        errors.Keys.ShouldBe([field]);
        errors[field].ShouldHaveSingleItem().ShouldContain(message);
    }

    [Fact]
    public void Every_bad_field_is_named_at_once()
    {
        var errors = Errors(
            """
            {"merchant_id":"a b","amount":"5","currency":"inr","colour":1,
             "items":[{"product_id":"a","quantity":1.5,"unit_price":-1,"x":{}},3]}
            """);

        errors.Keys.ShouldBe(
            ["merchant_id", "amount", "currency", "colour", "items[0].quantity", "items[0].unit_price", "items[0].x", "items[0].product_name", "items[1]"],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void An_id_has_at_most_128_characters(int length, bool isGood)
    {
        var id = new string('a', length);
        var read = OrderRequestReader.Read(Utf8($$"""{"merchant_id":"{{id}}","customer_id":"{{id}}","currency":"INR","items":[{"product_id":"{{id}}","product_name":"T","quantity":1,"unit_price":1}]}"""));

        read.TryGet(out _, out var errors).ShouldBe(isGood);
        (errors?.ByField.Keys ?? []).ShouldBe(isGood ? [] : ["merchant_id", "customer_id", "items[0].product_id"]);
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public void A_products_name_has_at_most_200_characters(int length, bool isGood)
    {
        var read = OrderRequestReader.Read(Utf8($$"""{{{Who}},"items":[{"product_id":"a","product_name":"{{new string('é', length)}}","quantity":1,"unit_price":1}]}"""));

        read.TryGet(out _, out var errors).ShouldBe(isGood);
        (errors?.ByField.Keys ?? []).ShouldBe(isGood ? [] : ["items[0].product_name"]);
    }

    [Theory]
    [InlineData(250, true)]
    [InlineData(251, false)]
    public void An_order_has_at_most_250_lines(int count, bool isGood)
    {
        var read = OrderRequestReader.Read(Utf8($$"""{{{Who}},"items":[{{string.Join(',', Enumerable.Repeat(Line, count))}}]}"""));

        read.TryGet(out _, out var errors).ShouldBe(isGood);
        (errors?.ByField["items"] ?? []).ShouldBe(isGood ? [] : ["has 251 lines; at most 250 are allowed"]);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_an_error_of_their_field()
    {
        var body = Utf8($$"""{"merchant_id":"mmmm","currency":"INR","items":[{"product_id":"a","product_name":"nnnn","quantity":1,"unit_price":1}]}""");
        body[body.AsSpan().IndexOf("mmmm"u8)] = 0xFF;
        body[body.AsSpan().IndexOf("nnnn"u8)] = 0xC3;

        OrderRequestReader.Read(body).TryGet(out _, out var errors).ShouldBeFalse();

        errors!.ByField.Keys.ShouldBe(["merchant_id", "items[0].product_name"]);
        errors.ByField.Values.ShouldAllBe(messages => messages.Single() == "is not valid Unicode text");
    }

    [Fact]
    public void A_body_of_nothing_but_faults_has_an_answer_of_bounded_size()
    {
        var fields = string.Join(',', Enumerable.Range(0, 50_000).Select(i => $"\"{i}{new string('x', 200)}\":1"));

        var errors = Errors($$"""{{{fields}}}""");

        errors.Count.ShouldBe(100);
        errors.Sum(error => error.Key.Length + error.Value.Sum(message => message.Length)).ShouldBeLessThan(20_000);
    }

    [Fact]
    public void A_field_that_comes_a_thousand_times_is_told_once() =>
        Errors($$"""{{{Who}},"amount":5{{string.Concat(Enumerable.Repeat(",\"amount\":5", 1000))}}}""")["amount"].ShouldBe(["is given more than once"]);

    private static OrderRequest Read(string body)
    {
        OrderRequestReader.Read(Utf8(body)).TryGet(out var request, out var errors).ShouldBeTrue(Describe(errors));
        return request!;
    }

    private static IReadOnlyDictionary<string, string[]> Errors(string body)
    {
        OrderRequestReader.Read(Utf8(body)).TryGet(out _, out var errors).ShouldBeFalse();
        return errors!.ByField;
    }

    private static string Describe(FieldErrors? errors) => string.Join("; ", errors?.ByField.Select(error => $"{error.Key} {string.Join(", ", error.Value)}") ?? []);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

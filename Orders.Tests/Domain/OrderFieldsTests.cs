using System.Text.Json;
using Orders.Api.Place;
using Orders.Domain;
using Orders.Domain.Fields;
using Orders.Domain.Item;
using Orders.Tests.Domain.Item;
using Shouldly;
using Xunit;

namespace Orders.Tests.Domain;

/// <summary>
/// What stands beside the one declaration of an order keeps in step with it. The columns are in
/// Sync/OrderColumnsTests, the schemas in Api/OpenApi and GraphQL.
/// </summary>
public sealed class OrderFieldsTests
{
    private static readonly Order One = new()
    {
        OrderId = new("0199e5bb-8c00-7000-8000-00000000000a"),
        MerchantId = "merchant-1",
        CustomerId = "customer-1",
        Status = OrderStatus.Placed,
        Currency = Currencies("INR"),
        Amount = 10.00m,
        Items = [],
        PlacedAt = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero),
        UpdatedAt = new(2026, 1, 31, 9, 30, 1, TimeSpan.Zero),
        Version = 1,
    };

    private static readonly Order Another = new()
    {
        OrderId = new("0199e5bb-8c00-7000-8000-00000000000b"),
        MerchantId = "merchant-2",
        CustomerId = "customer-2",
        Status = OrderStatus.Paid,
        Currency = Currencies("EUR"),
        Amount = 20.00m,
        Items = [],
        PlacedAt = new(2026, 1, 31, 9, 31, 0, TimeSpan.Zero),
        UpdatedAt = new(2026, 1, 31, 9, 31, 1, TimeSpan.Zero),
        Version = 2,
    };

    public static TheoryData<string> Names => [.. OrderFields.Columns.Select(one => one.Name)];

    [Fact]
    public void Every_member_of_an_order_is_declared()
    {
        // The trace is no reader's business.
        Members<Order>().Where(name => name is not ("items" or "trace_parent")).ShouldBe(OrderFields.Columns.Select(field => field.Name), ignoreOrder: true);
        Members<OrderLine>().Where(name => name != LineFields.OrderItemId).ShouldBe(LineFields.Columns.Select(field => field.Name), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_field_is_written_into_the_item_and_read_from_it_in_both_its_forms(string name)
    {
        var field = OrderFields.Columns.Single(field => field.Name == name);
        field.Text(One).ShouldNotBe(field.Text(Another), "two values of the test tell the field from others");
        var item = OrderItem.From(One);
        item[name] = OrderItem.From(Another)[name];
        if (name == OrderAttributes.OrderId)
        {
            item[OrderAttributes.Pk] = OrderItem.From(Another)[OrderAttributes.Pk];
        }

        OrderItem.TryRead(item, out var order, out var fault).ShouldBeTrue($"{fault}");
        OrderItem.TryRead(DynamoJson.Write(item), out var fromJson, out fault).ShouldBeTrue($"{fault}");

        foreach (var other in OrderFields.Columns)
        {
            var expected = other.Text(other == field ? Another : One);
            (other.Text(order), other.Text(fromJson)).ShouldBe((expected, expected), other.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_field_that_is_required_is_missed_and_each_of_another_type_is_refused(string name)
    {
        var field = OrderFields.Columns.Single(field => field.Name == name);
        var item = OrderItem.From(One);
        item.Remove(name);
        OrderItem.TryRead(item, out _, out var fault).ShouldBe(!field.Rule.IsRequired);
        fault?.Attribute.ShouldBe(name);

        item[name] = new() { BOOL = true };
        OrderItem.TryRead(item, out _, out fault).ShouldBeFalse();
        fault.Attribute.ShouldBe(name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_request_has_just_the_fields_that_are_declared_to_be_in_one(string name)
    {
        var field = OrderFields.Columns.Single(field => field.Name == name);

        var read = OrderRequestReader.Read(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = null }));

        read.Errors!.ByField.TryGetValue(name, out var problems);
        (problems ?? []).Any(problem => problem.Contains("is not a field", StringComparison.Ordinal)).ShouldBe(!field.IsInRequest);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_requests_that_differ_in_a_field_have_two_hashes(string name)
    {
        var field = OrderFields.Columns.Single(field => field.Name == name);
        var other = OrderItem.From(One);
        other[name] = OrderItem.From(Another)[name];
        if (name == OrderAttributes.OrderId)
        {
            other[OrderAttributes.Pk] = OrderItem.From(Another)[OrderAttributes.Pk];
        }

        OrderItem.TryRead(other, out var changed, out _).ShouldBeTrue();

        (RequestHash.Of(new(One)) != RequestHash.Of(new(changed))).ShouldBe(field.IsInRequest);
    }

    private static IEnumerable<string> Members<T>() =>
        typeof(T).GetProperties().Select(member => JsonNamingPolicy.SnakeCaseLower.ConvertName(member.Name));

    private static Currency Currencies(string code) => Currency.TryFind(code, out var currency) ? currency : throw new ArgumentException(code, nameof(code));
}

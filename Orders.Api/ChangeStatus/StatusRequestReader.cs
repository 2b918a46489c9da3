using System.Text.Json;
using Orders.Api.Body;
using Orders.Domain;
using Orders.Domain.Rules;

namespace Orders.Api.ChangeStatus;

/// <summary>Reads the body of a PATCH.</summary>
internal sealed class StatusRequestReader(FieldErrors errors) : IFieldReader
{
    private static readonly FieldPath Status = new("status");
    private static readonly string Rule = $"must be one of {string.Join(", ", OrderStatuses.All)}";

    private bool _seen;
    private OrderStatus? _status;

    public static Parsed<StatusRequest> Read(ReadOnlySpan<byte> body)
    {
        var errors = new FieldErrors();
        var fields = new StatusRequestReader(errors);
        if (JsonBody.TryRead(body, fields, errors) && fields._status is null && !errors.Has(Status))
        {
            errors.Add(Status, $"is required and {Rule}");
        }

        return errors.Any ? Parsed<StatusRequest>.Failed(errors) : Parsed<StatusRequest>.Of(new StatusRequest(fields._status!.Value));
    }

    public void ReadField(ref Utf8JsonReader json)
    {
        if (!JsonName.Is(ref json, "status"u8))
        {
            JsonFields.Refuse(ref json, line: null, "cannot be changed: only status can", errors);
        }
        else if (_seen)
        {
            JsonFields.Refuse(ref json, line: null, "is given more than once", errors);
        }
        else
        {
            _seen = true;
            _ = json.Read();
            _status = ReadStatus(ref json);
        }
    }

    private OrderStatus? ReadStatus(ref Utf8JsonReader json)
    {
        if (JsonFields.Text(ref json, Status, TextRule.Name, errors) is not { } name)
        {
            return null;
        }

        if (OrderStatuses.TryFind(name, out var status))
        {
            return status;
        }

        errors.Add(Status, Rule);
        return null;
    }
}

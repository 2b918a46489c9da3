using System.Text.Json;
using Orders.Api.Body;
using Orders.Api.Http;
using Orders.Api.Store;

namespace Orders.Api.Batch;

/// <summary>The result of one order of a batch.</summary>
/// <param name="Status">The status that the order would have as a single request.</param>
/// <param name="Order">The response body, if it is placed.</param>
/// <param name="Errors">The errors, if it is not.</param>
/// <param name="Replayed">Whether an earlier request placed it.</param>
internal sealed record LineAnswer(int Status, byte[]? Order, FieldErrors? Errors, bool Replayed = false)
{
    public static LineAnswer OtherMerchant { get; } = Failed(StatusCodes.Status403Forbidden, OrderProblems.OtherMerchantErrors);

    public static LineAnswer KeyReused { get; } =
        Failed(StatusCodes.Status422UnprocessableEntity, "came with this Idempotency-Key, and another order at this place, before");

    /// <summary>Certainly not stored.</summary>
    public static LineAnswer NotStored { get; } =
        Failed(StatusCodes.Status503ServiceUnavailable, "is not stored, since the order store is busy or away: send it again");

    public static LineAnswer UnknownWithKey { get; } =
        Failed(StatusCodes.Status503ServiceUnavailable, "may be stored or not, since the order store is busy or away: send it again with the same Idempotency-Key");

    /// <summary>It is unknown whether the order is stored.</summary>
    public static LineAnswer Unknown(Guid orderId) => Failed(
        StatusCodes.Status503ServiceUnavailable, $"may be stored or not, since the order store is busy or away: GET the order {orderId:D}, which is there if it was stored");

    public static LineAnswer Placed(byte[] order, bool replayed = false) => new(StatusCodes.Status201Created, order, null, replayed);

    public static LineAnswer Invalid(FieldErrors errors) => Failed(StatusCodes.Status400BadRequest, errors);

    public static LineAnswer Refused(string reason) => Failed(StatusCodes.Status400BadRequest, $"is refused by the order store: {reason}");

    /// <summary>The item under its key is invalid.</summary>
    public static LineAnswer Broken(BrokenItemException broken)
    {
        var errors = new FieldErrors();
        errors.Add(new FieldPath(broken.Attribute), $"of the stored item {broken.Key.Pk} {broken.Problem}. {broken.WayOut}");
        return Failed(StatusCodes.Status409Conflict, errors);
    }

    /// <summary>Writes it as an object on a line of its own.</summary>
    public void Write(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, index);
        json.WriteNumber("status"u8, Status);
        if (Order is not null)
        {
            json.WritePropertyName("order"u8);
            json.WriteRawValue(Order, skipInputValidation: true);
        }

        if (Replayed)
        {
            json.WriteBoolean("replayed"u8, true);
        }

        if (Errors is not null)
        {
            WriteErrors(json, Errors);
        }

        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, FieldErrors errors)
    {
        json.WriteStartObject("errors"u8);
        foreach (var (field, messages) in errors.ByField)
        {
            json.WriteStartArray(field);
            foreach (var message in messages)
            {
                json.WriteStringValue(message);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static LineAnswer Failed(int status, FieldErrors errors) => new(status, null, errors);

    private static LineAnswer Failed(int status, string message)
    {
        var errors = new FieldErrors();
        errors.Add(FieldPath.Body, message);
        return Failed(status, errors);
    }
}

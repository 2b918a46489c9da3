using Orders.Domain;

namespace Orders.Api.Http;

/// <summary>
/// A response with an order and its ETag, as bytes: a repeated request gets exactly the bytes of the first
/// response.
/// </summary>
internal sealed class OrderResult : IResult
{
    private const string ContentType = "application/json; charset=utf-8";
    private const string FirstVersion = "\"1\"";

    private readonly byte[] _answer;
    private readonly string _etag;
    private readonly int _status;
    private readonly string? _location;
    private readonly bool _replayed;

    private OrderResult(int status, byte[] answer, string etag, string? location = null, bool replayed = false) =>
        (_status, _answer, _etag, _location, _replayed) = (status, answer, etag, location, replayed);

    /// <summary>
    /// 201 for an order that was placed, now or by an earlier request with the same Idempotency-Key.
    /// </summary>
    public static OrderResult Placed(Guid orderId, byte[] answer, bool replayed = false) =>
        new(StatusCodes.Status201Created, answer, FirstVersion, $"{OrderRoutes.Prefix}/{orderId:D}", replayed);

    /// <summary>200 with the current order.</summary>
    public static OrderResult Current(Order order) =>
        new(StatusCodes.Status200OK, OrderAnswer.Render(order), order.Version == 1 ? FirstVersion : $"\"{order.Version}\"");

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = _status;
        response.ContentType = ContentType;
        response.ContentLength = _answer.Length;
        response.Headers.ETag = _etag;
        if (_location is not null)
        {
            response.Headers.Location = httpContext.Request.PathBase.ToUriComponent() + _location;
        }

        if (_replayed)
        {
            response.Headers["Idempotent-Replayed"] = "true";
        }

        return response.BodyWriter.WriteAsync(_answer, httpContext.RequestAborted).AsTask();
    }
}

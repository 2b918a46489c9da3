using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Orders.Api.Body;
using Orders.Api.Http;
using Orders.Api.Place;
using Orders.Api.Store;
using Orders.ServiceDefaults.SignIn;

namespace Orders.Api.Batch;

/// <summary><c>POST /v1/orders/batch</c>.</summary>
internal static class BatchEndpoint
{
    public const string Lines = "application/x-ndjson";

    private const int FlushBytes = 64 * 1024;

    private static readonly string[] LineTypes = [Lines, "application/ndjson", "application/jsonl", "application/x-jsonlines"];
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    public static void MapBatch(this RouteGroupBuilder orders) => orders.MapPost("/batch", PlaceAllAsync).DescribeBatch();

    private static async Task<Results<EmptyHttpResult, ProblemHttpResult>> PlaceAllAsync(HttpContext http, BatchPlacer placer, StoreGate gate)
    {
        if (Parser(http.Request) is not { } parser)
        {
            return OrderProblems.WrongMediaType($"{Lines} or application/json");
        }

        if (!IdempotencyKey.TryRead(http.Request.Headers, out var key))
        {
            return OrderProblems.InvalidHeader(IdempotencyKey.Header, IdempotencyKey.Rule);
        }

        var body = await RequestBody.ParseAsync(http.Request, parser);
        if (!body.TryGet(out var batch, out var errors))
        {
            return OrderProblems.Invalid(errors);
        }

        using var pass = gate.Enter(http, batch.Orders.Count);
        var answers = placer.Start(batch, http.GetCaller(), key, pass.Token);
        var placed = LeaveWhenPlacedAsync(pass, answers);
        try
        {
            await WriteAsync(http, answers);
        }
        finally
        {
            // The client may disconnect before its orders are placed.
            await placed;
        }

        return TypedResults.Empty;
    }

    private static RequestBody.Parser<Parsed<BatchBody>>? Parser(HttpRequest request)
    {
        if (request.HasJsonContentType())
        {
            return BatchBody.ReadArray;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && LineTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
            ? BatchBody.ReadLines
            : null;
    }

    /// <summary>
    /// Leaves the gate before the responses are written, so that a slow client does not block the store for
    /// others.
    /// </summary>
    private static async Task LeaveWhenPlacedAsync(StoreGate.Pass pass, Task<LineAnswer>[] answers)
    {
        await Task.WhenAll(answers);
        pass.Dispose();
    }

    /// <summary>Writes each result as soon as it and those before it are complete.</summary>
    private static async Task WriteAsync(HttpContext http, Task<LineAnswer>[] answers)
    {
        http.Response.ContentType = Lines;
        var output = http.Response.BodyWriter;
        await using var json = new Utf8JsonWriter(output);
        for (var i = 0; i < answers.Length; i++)
        {
            if (!answers[i].IsCompleted || output.UnflushedBytes > FlushBytes)
            {
                await output.FlushAsync(http.RequestAborted);
            }

            (await answers[i]).Write(json, i);
            json.Flush();
            json.Reset();
            output.Write(LineEnd);
        }

        await output.FlushAsync(http.RequestAborted);
    }
}

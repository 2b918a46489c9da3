using System.Net;
using System.Text.Json;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace Orders.Tests.Simulation.Writers;

/// <summary>
/// What the SDK's client throws, or brings, where an answer of the table is garbled on its way. What was
/// asked for has been carried out by then.
/// </summary>
internal sealed class GarbledAnswers(World world)
{
    private const string Mark = "simulated: garbled";

    /// <summary>The share of answers that are.</summary>
    public double Rate { get; set; }

    /// <summary>Reads an answer.</summary>
    public T Read<T>(T answer)
    {
        if (Rate == 0 || !world.Chance(Rate))
        {
            return answer;
        }

        throw world.Random.Next(6) switch
        {
            0 => new HttpRequestException(HttpRequestError.InvalidResponse, Mark),
            1 => new AmazonUnmarshallingException(Mark, "/", new JsonException(Mark)),
            2 => new AmazonDynamoDBException(Mark) { StatusCode = HttpStatusCode.OK },
            3 => new AmazonDynamoDBException(Mark) { StatusCode = HttpStatusCode.BadRequest, ErrorCode = "SomethingNew" },
            4 => new InvalidOperationException(Mark),
            _ => new InternalServerErrorException(Mark) { StatusCode = HttpStatusCode.InternalServerError },
        };
    }

    /// <summary>Whether a failure comes from one.</summary>
    public static bool Is(Exception? failure) => failure?.Message.Contains(Mark, StringComparison.Ordinal) == true;
}

using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Orders.Api.Place;
using Orders.Bench.Http;

namespace Orders.Bench.Write;

/// <summary>
/// A server that only does the write: no authentication, no validation of the body, and no condition except
/// on the path that measures the cost of one.
/// </summary>
internal static class BarePuts
{
    public const string PutPath = "/bench/put";
    public const string PutNewPath = "/bench/put-new";
    public const string TransactPath = "/bench/transact";

    public static BenchServer Create(IAmazonDynamoDB dynamo, string table)
    {
        var server = BenchServer.Bare();
        server.App.MapPost(PutPath, Writing(async orderId => await dynamo.PutItemAsync(Put(table, orderId))));
        server.App.MapPost(PutNewPath, Writing(async orderId =>
        {
            var put = Put(table, orderId);
            put.ConditionExpression = OrderWriter.IsNew;
            await dynamo.PutItemAsync(put);
        }));
        server.App.MapPost(TransactPath, Writing(async orderId => await dynamo.TransactWriteItemsAsync(Transaction(table, orderId))));
        return server;
    }

    public static PutItemRequest Put(string table, Guid orderId) => new() { TableName = table, Item = BenchOrders.Item(orderId) };

    private static TransactWriteItemsRequest Transaction(string table, Guid orderId) => new()
    {
        TransactItems =
        [
            new() { Put = new() { TableName = table, Item = BenchOrders.Item(orderId) } },
            new() { Put = new() { TableName = table, Item = BenchOrders.KeyItem(orderId) } },
        ],
    };

    private static RequestDelegate Writing(Func<Guid, Task> write) => http => AnswerAsync(http, write);

    private static async Task AnswerAsync(HttpContext http, Func<Guid, Task> write)
    {
        var orderId = BenchOrders.NewId();
        await write(orderId);
        var answer = Encoding.UTF8.GetBytes(BenchOrders.Answer(orderId));
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Length;
        await http.Response.Body.WriteAsync(answer, http.RequestAborted);
    }
}

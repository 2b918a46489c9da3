using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Amazon.Runtime;
using DynamoStreams;
using DynamoStreams.Api;
using DynamoStreams.Postgres;
using DynamoStreams.Postgres.Mapping;
using Microsoft.Extensions.Logging;
using Npgsql;

var endpoint = new Uri(Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_DYNAMODB_STREAMS") ?? "http://localhost:8000");
var credentials = new BasicAWSCredentials("local", "local");
using var stop = new CancellationTokenSource();
using var logging = LoggerFactory.Create(builder => builder.AddConsole());
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);

await using var database = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable("POSTGRES") ?? "Host=localhost;Username=postgres;Database=payments");
var payments = PostgresTable.Map<Payment>().ToTable("payments").Key(p => p.Id).Version(p => p.Version).Column(p => p.Amount).Column(p => p.Currency);
await ConsumerSchema.Default.ApplyAsync(database);
await payments.CreateAsync(database);

using var client = new StreamsClient(endpoint, "eu-west-1", credentials, TimeProvider.System);
using var consumer = new StreamConsumer(
    client, new PostgresLeaseStore(database), payments.Handler(database), new() { TableName = "payments" }, TimeProvider.System, logging.CreateLogger<StreamConsumer>());
await consumer.RunAsync(stop.Token);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

public sealed record Payment([property: JsonPropertyName("pk")] string Id, long Version, decimal Amount, string Currency);

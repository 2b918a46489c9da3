using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Orders.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class PollFilterTests
{
    [Theory]
    [InlineData("127.0.0.1", 8000, false)]
    [InlineData("127.0.0.1", 8080, true)]
    [InlineData("streams.dynamodb.eu-west-1.amazonaws.com", 443, false)]
    [InlineData("api.example.com", 443, true)]
    public void A_call_of_a_store_that_nobody_asked_for_is_not_exported(string host, int port, bool exported)
    {
        using var call = Call("System.Net.Http", default, host, port);

        IsExported(call).ShouldBe(exported);
    }

    [Fact]
    public void Nor_is_a_statement_that_nobody_asked_for()
    {
        using var statement = Call("Npgsql", default, "127.0.0.1", 5432);

        IsExported(statement).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Npgsql")]
    [InlineData("System.Net.Http")]
    public void A_requests_call_of_a_store_is_exported(string source)
    {
        var request = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        using var call = Call(source, request, "127.0.0.1", 8000);

        IsExported(call).ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_is_exported_when_what_made_it_is(bool exported)
    {
        using var request = new Activity("request") { ActivityTraceFlags = exported ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None };
        request.Start();
        using var call = Call("Npgsql", null, "127.0.0.1", 5432);

        IsExported(call).ShouldBe(exported);
    }

    private static bool IsExported(Activity call)
    {
        using var filter = PollFilter.Create(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AWS_ENDPOINT_URL_DYNAMODB"] = "http://127.0.0.1:8000" })
            .Build());
        filter.OnEnd(call);
        return call.Recorded;
    }

    /// <param name="sourceName">What makes the call.</param>
    /// <param name="parent">Null for the current activity.</param>
    /// <param name="host">What is called.</param>
    /// <param name="port">Its port.</param>
    private static Activity Call(string sourceName, ActivityContext? parent, string host, int port)
    {
        using var source = new ActivitySource(sourceName);
        using var listener = new ActivityListener { ShouldListenTo = it => it == source, Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        if (parent is not null)
        {
            Activity.Current = null;
        }

        var call = source.StartActivity("call", ActivityKind.Client, parent ?? default).ShouldNotBeNull();
        call.SetTag("server.address", host);
        call.SetTag("server.port", port);
        return call;
    }
}

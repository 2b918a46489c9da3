using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Settings;
using Orders.ServiceDefaults.Telemetry;
using Shouldly;
using Xunit;

namespace Orders.Tests.ServiceDefaults;

public sealed class TraceSamplerTests
{
    private static readonly ActivityContext Sampled = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);
    private static readonly ActivityContext NotSampled = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);

    [Theory]
    [InlineData(null, true, true, false)]
    [InlineData("parentbased_always_on", true, true, false)]
    [InlineData("parentbased_always_off", false, true, false)]
    [InlineData("parentbased_traceidratio", true, true, false)]
    [InlineData("always_on", true, true, true)]
    [InlineData("always_off", false, false, false)]
    [InlineData("traceidratio", true, true, true)]
    public void It_samples_as_the_variable_says(string? name, bool root, bool afterSampled, bool afterNotSampled)
    {
        var sampler = Read(("OTEL_TRACES_SAMPLER", name));

        IsSampled(sampler, default).ShouldBe(root);
        IsSampled(sampler, Sampled).ShouldBe(afterSampled);
        IsSampled(sampler, NotSampled).ShouldBe(afterNotSampled);
    }

    [Fact]
    public void The_ratio_is_the_variables_argument() =>
        IsSampled(Read(("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0")), default).ShouldBeFalse();

    [Theory]
    [InlineData(null, true)]
    [InlineData("parentbased_always_off", true)]
    [InlineData("parentbased_traceidratio", true)]
    [InlineData("always_off", false)]
    public void A_batch_is_sampled_when_one_of_its_traces_is(string? name, bool sampled) =>
        IsSampled(Read(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", "0")), default, NotSampled, Sampled).ShouldBe(sampled);

    [Fact]
    public void A_batch_of_traces_that_are_not_sampled_is_sampled_as_one_without_any() =>
        IsSampled(Read(("OTEL_TRACES_SAMPLER", "parentbased_always_off")), default, NotSampled).ShouldBeFalse();

    [Fact]
    public void A_parent_decides_before_links_do() => IsSampled(Read(), NotSampled, Sampled).ShouldBeFalse();

    [Theory]
    [InlineData("sometimes", null, "OTEL_TRACES_SAMPLER")]
    [InlineData("traceidratio", "1.5", "OTEL_TRACES_SAMPLER_ARG")]
    [InlineData("traceidratio", "half", "OTEL_TRACES_SAMPLER_ARG")]
    public void What_cannot_be_understood_is_named(string name, string? argument, string setting) =>
        Should.Throw<SettingsException>(() => Read(("OTEL_TRACES_SAMPLER", name), ("OTEL_TRACES_SAMPLER_ARG", argument))).Setting.ShouldBe(setting);

    private static Sampler Read(params (string Name, string? Value)[] settings) =>
        TraceSampler.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => pair.Value)).Build());

    private static bool IsSampled(Sampler sampler, ActivityContext parent, params ActivityContext[] links) =>
        sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "request", ActivityKind.Server, [], links.Select(link => new ActivityLink(link))))
            .Decision == SamplingDecision.RecordAndSample;
}

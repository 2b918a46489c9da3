using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults;

/// <summary>Samples as <c>OTEL_TRACES_SAMPLER</c> says, apart from health requests: they come for ever and nobody looks for one.</summary>
internal sealed class TraceSampler(Sampler inner) : Sampler
{
    private const string Setting = "OTEL_TRACES_SAMPLER";
    private const string ArgumentSetting = "OTEL_TRACES_SAMPLER_ARG";

    public static TraceSampler Read(IConfiguration configuration)
    {
        var name = configuration[Setting];
        return new(name switch
        {
            null or "" or "parentbased_always_on" => new ParentBasedSampler(new AlwaysOnSampler()),
            "parentbased_always_off" => new ParentBasedSampler(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentBasedSampler(new TraceIdRatioBasedSampler(Ratio(configuration))),
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration)),
            _ => throw new SettingsException(Setting, $"'{name}' is no sampler.", "Samplers are always_on, always_off, traceidratio and parentbased_ before any of them."),
        });
    }

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        IsHealth(samplingParameters)
            ? new SamplingResult(SamplingDecision.Drop)
            : inner.ShouldSample(samplingParameters);

    private static bool IsHealth(in SamplingParameters span) =>
        span.Kind == ActivityKind.Server
        && span.Tags?.FirstOrDefault(tag => tag.Key == "url.path").Value is string path
        && new PathString(path).StartsWithSegments(HealthSetup.Prefix, StringComparison.OrdinalIgnoreCase);

    private static double Ratio(IConfiguration configuration)
    {
        var text = configuration[ArgumentSetting];
        if (string.IsNullOrWhiteSpace(text))
            return 1;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? ratio
            : throw new SettingsException(ArgumentSetting, $"'{text}' is not a number from 0 to 1.", "Correct it or leave it out for 1.");
    }
}

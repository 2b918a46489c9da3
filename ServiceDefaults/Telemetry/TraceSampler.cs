using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;

namespace Orders.ServiceDefaults;

/// <summary>
/// Samples as <c>OTEL_TRACES_SAMPLER</c> says. For the samplers named <c>parentbased_</c> links count as parents do where a span has no parent: a batch
/// that belongs to several traces is sampled when one of them is, else those traces would lead to a span that was never exported.
/// </summary>
internal static class TraceSampler
{
    private const string Setting = "OTEL_TRACES_SAMPLER";
    private const string ArgumentSetting = "OTEL_TRACES_SAMPLER_ARG";

    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static Sampler Read(IConfiguration configuration)
    {
        var name = configuration[Setting];
        return name switch
        {
            null or "" or "parentbased_always_on" => new ParentOrLinkBased(new AlwaysOnSampler()),
            "parentbased_always_off" => new ParentOrLinkBased(new AlwaysOffSampler()),
            "parentbased_traceidratio" => new ParentOrLinkBased(new TraceIdRatioBasedSampler(Ratio(configuration))),
            "always_on" => new AlwaysOnSampler(),
            "always_off" => new AlwaysOffSampler(),
            "traceidratio" => new TraceIdRatioBasedSampler(Ratio(configuration)),
            _ => throw new SettingsException(Setting, $"'{name}' is no sampler.", "Samplers are always_on, always_off, traceidratio and parentbased_ before any of them."),
        };
    }

    private static double Ratio(IConfiguration configuration)
    {
        var text = configuration[ArgumentSetting];
        if (string.IsNullOrWhiteSpace(text))
        {
            return 1;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1
            ? ratio
            : throw new SettingsException(ArgumentSetting, $"'{text}' is not a number from 0 to 1.", "Correct it or leave it out for 1.");
    }

    private sealed class ParentOrLinkBased(Sampler root) : Sampler
    {
        private readonly ParentBasedSampler _parentBased = new(root);

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters.ParentContext.TraceId == default && samplingParameters.Links?.Any(link => link.Context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) == true
                ? new SamplingResult(SamplingDecision.RecordAndSample)
                : _parentBased.ShouldSample(samplingParameters);
    }
}

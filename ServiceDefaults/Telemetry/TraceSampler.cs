using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Trace;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.Telemetry;

/// <summary>
/// The sampler of <c>OTEL_TRACES_SAMPLER</c>. For <c>parentbased_</c> samplers, links count like parents if
/// a span has no parent: a batch that belongs to several traces is sampled when one of them is. Otherwise
/// those traces would link to a span that was never exported.
/// </summary>
internal static class TraceSampler
{
    private const string Setting = "OTEL_TRACES_SAMPLER";
    private const string ArgumentSetting = "OTEL_TRACES_SAMPLER_ARG";

    /// <exception cref="SettingsException">A value cannot be understood.</exception>
    public static Sampler Read(IConfiguration configuration) => ConfigurationReader.Read(configuration, section: "", Read);

    internal static Sampler Read(ConfigurationReader settings) => settings.Verbatim(Setting) switch
    {
        null or "parentbased_always_on" => new ParentOrLinkBased(new AlwaysOnSampler()),
        "parentbased_always_off" => new ParentOrLinkBased(new AlwaysOffSampler()),
        "parentbased_traceidratio" => new ParentOrLinkBased(new TraceIdRatioBasedSampler(Ratio(settings))),
        "always_on" => new AlwaysOnSampler(),
        "always_off" => new AlwaysOffSampler(),
        "traceidratio" => new TraceIdRatioBasedSampler(Ratio(settings)),
        var name => settings.Refuse<Sampler>(
            Setting, $"'{name}' is no sampler.", "Samplers are always_on, always_off, traceidratio and parentbased_ before any of them.", new AlwaysOnSampler()),
    };

    private static double Ratio(ConfigurationReader settings) => settings.Number(ArgumentSetting, fallback: 1, least: 0, most: 1);

    private sealed class ParentOrLinkBased(Sampler root) : Sampler
    {
        private readonly ParentBasedSampler _parentBased = new(root);

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            samplingParameters.ParentContext.TraceId == default && samplingParameters.Links?.Any(link => link.Context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)) == true
                ? new SamplingResult(SamplingDecision.RecordAndSample)
                : _parentBased.ShouldSample(samplingParameters);
    }
}

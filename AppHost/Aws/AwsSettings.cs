using Microsoft.Extensions.Configuration;
using Orders.Infra;

namespace Orders.AppHost.Aws;

/// <summary>What a deployment is told, all of it looked at before anything is made.</summary>
/// <param name="Region">The region of the stack, <c>AWS_REGION</c>.</param>
/// <param name="Stack">The stack's own parameters, each <c>Parameters__name</c>.</param>
/// <param name="Domain">The names of the services; null for those of their load balancers.</param>
internal sealed record AwsSettings(string Region, OrdersStackSettings Stack, AwsDomain? Domain)
{
    private const string WayOutCertificate = "Set Parameters__certificateArn to the ARN of a certificate of ACM in the stack's region.";
    private const int RegionInArn = 3;

    /// <summary>Reads them.</summary>
    /// <exception cref="StackSettingException">One is missing or wrong.</exception>
    public static AwsSettings Read(IConfiguration configuration)
    {
        var region = Text("AWS_REGION") ?? Text("AWS_DEFAULT_REGION")
            ?? throw new StackSettingException("AWS_REGION", "It is not set.", "Set it to the region of the stack, for example eu-central-1.");
        var stack = SettingsReader.Read([], name => configuration[$"Parameters:{name}"]).Check();
        if (stack.CertificateArn is not { } certificate)
            throw new StackSettingException("certificateArn", "It is missing, and clients send their keys over HTTPS only.", WayOutCertificate);
        if (certificate.Split(':')[RegionInArn] is var its && its != region)
            throw new StackSettingException("certificateArn", $"The certificate is in {its}, and the stack in {region}: a load balancer takes one of its own region only.", WayOutCertificate);
        return new(region, stack, AwsDomain.Read(name => configuration[$"Parameters:{name}"]));

        string? Text(string name) => configuration[name] is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
    }
}

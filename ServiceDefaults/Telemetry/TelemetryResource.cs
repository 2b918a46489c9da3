using Microsoft.Extensions.Configuration;
using OpenTelemetry.Resources;

namespace Orders.ServiceDefaults;

internal static class TelemetryResource
{
    public static void Describe(ResourceBuilder resource, IConfiguration configuration, string serviceName)
    {
        var name = configuration["OTEL_SERVICE_NAME"];
        resource.AddService(string.IsNullOrWhiteSpace(name) ? serviceName : name, serviceVersion: typeof(TelemetryResource).Assembly.GetName().Version?.ToString(3));
    }
}

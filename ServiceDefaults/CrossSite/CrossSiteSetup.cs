using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.Extensions.DependencyInjection;
using Orders.ServiceDefaults.Settings;

namespace Orders.ServiceDefaults.CrossSite;

internal static class CrossSiteSetup
{
    public static void AddCrossSite(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings(AllowedHosts.Read);
        // The platform's own filter answers with a page of HTML; HostGuard does its work.
        builder.Services.Configure<HostFilteringOptions>(options => options.AllowedHosts = ["*"]);
    }
}
